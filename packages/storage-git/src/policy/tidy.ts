import { gitErrors, type GitRepository, type Oid } from '@lg/git'
import type { PullRequest } from '@lg/pull-request'
import type { CallOptions } from '@lg/runtime'
import { withRemoteCommit } from '../remote-commit.ts'
import {
  closedTopic,
  closePullRequest,
  createTidyNotes,
  deleteBranch,
  ownTip,
  type PolicyTools,
  type TidyNotes,
} from './apply-policy.ts'
import type { BranchTemplate } from './branch-template.ts'
import { openOfPolicy } from './open-of-policy.ts'
import type { TidyReport } from './pull-request-policy.ts'

/**
 * Looks at all branches of a policy: closes pull requests whose difference is gone, and deletes branches whose pull
 * request is merged.
 */
export async function tidy(
  tools: PolicyTools,
  template: BranchTemplate,
  call: CallOptions,
): Promise<TidyReport> {
  const { gitDirectory, provider, random } = tools
  const { repository, reference, branch: base } = gitDirectory
  const { oid } = await gitDirectory.ensureFresh('fetch', call)
  const notes = createTidyNotes(call)
  const open = await openOfPolicy(tools, template, call)
  for (const { pullRequest } of open) {
    const { head } = pullRequest
    await notes.run(head, async () => {
      const isGone = (tip: Oid): Promise<boolean> => hasNothingLeft(repository, oid, tip, call)
      const resolved = await withRemoteCommit(
        `refs/heads/${head}`,
        { repository, random },
        isGone,
        call,
      ).catch((error: unknown) => {
        if (gitErrors.is(error, 'REF_NOT_FOUND')) return false
        throw error
      })
      if (resolved) await closePullRequest({ pullRequest, reason: 'resolved' }, oid, notes, tools, call)
    })
  }

  const { refs } = await repository.remoteRefs({ ...call, prefixes: [`refs/heads/${template.prefix}`] })
  const isOpen = new Set(open.map(({ pullRequest }) => pullRequest.head))
  for (const [ref, tip] of refs) {
    const branch = ref.slice('refs/heads/'.length)
    if (template.readSlug(branch) === undefined || isOpen.has(branch)) continue
    await notes.run(branch, async () => {
      const query = { repository: reference, head: branch, base, state: 'all', limit: 1 } as const
      const [last] = (await provider.list(query, call)).pullRequests
      if (last?.state === 'closed') await deleteClosed(last, oid, notes, tools, call)
      if (last?.state !== 'merged') return
      // What came after the merge is in no other place.
      if (last.headCommit === tip) await deleteBranch(branch, tip, notes, tools, call)
      else notes.keep(branch, tip)
    })
  }
  const { closed, deleted, kept, failed } = notes
  return { closed, deleted, kept, failed }
}

/** A branch that was to be deleted when its pull request was closed; those that a person closed stay. */
async function deleteClosed(
  { repository, number, head }: PullRequest,
  base: Oid,
  notes: TidyNotes,
  tools: PolicyTools,
  call: CallOptions,
): Promise<void> {
  const { provider } = tools
  if (!provider.capabilities.comments) return
  const comments = await provider.comments({ repository, number }, call)
  if (!comments.some(({ topic }) => topic === closedTopic)) return
  const tip = await ownTip(head, base, notes, tools, call)
  if (tip !== 'gone' && tip !== 'kept') await deleteBranch(head, tip, notes, tools, call)
}

/** Whether the base has all that a head changes, however it came there. */
async function hasNothingLeft(
  repository: GitRepository,
  base: Oid,
  head: Oid,
  call: CallOptions,
): Promise<boolean> {
  const common = await repository.mergeBase(base, head, call)
  if (common === undefined) return false
  for (const change of await repository.diffTrees(common, head, call)) {
    const now = await repository.findEntry(base, change.path, call)
    const wanted = change.type === 'deleted' ? undefined : change.after
    if (now?.oid !== wanted?.oid || now?.mode !== wanted?.mode) return false
  }
  return true
}
