import {
  gitErrors,
  type Commit,
  type FileChange,
  type GitRepository,
  type Oid,
  type Signature,
} from '@lg/git'
import type { MergeBlocker, MergeMethod } from '@lg/pull-request'
import type { CallOptions } from '@lg/runtime'

export interface MergePlan {
  readonly method: MergeMethod
  readonly base: Oid
  readonly head: Oid
  readonly committer: Signature
  readonly message: string
}

/** The commit that the base is to be moved to, or why there is none. */
export type MergeOutcome =
  | { readonly type: 'commit'; readonly commit: Oid }
  | { readonly type: 'blocked'; readonly blocker: MergeBlocker }

/** Stores what a merge makes. No ref moves. */
export async function createMerge(
  git: GitRepository,
  plan: MergePlan,
  options: CallOptions,
): Promise<MergeOutcome> {
  const { method, base, head, committer, message } = plan
  if (await git.isAncestor(head, base, options)) {
    return blocked('empty', 'the head has no commit that the base lacks')
  }
  if ((await git.mergeBase(base, head, options)) === undefined) {
    return blocked('method', 'the branches have no history in common')
  }
  const isAhead = await git.isAncestor(base, head, options)
  if (method === 'fast-forward' || (method === 'rebase' && isAhead)) {
    if (isAhead) return { type: 'commit', commit: head }
    return blocked('behind', 'the base has commits that the head lacks')
  }
  if (method === 'rebase') return await rebase(git, plan, options)
  const merged = await tryMerge(git, { ours: base, theirs: head, author: committer, message }, options)
  if (merged.type === 'blocked' || method === 'merge') return merged
  const { author } = await git.readCommit(head, options)
  const commit = await git.createCommit(
    {
      parents: [base],
      changes: await changesBetween(git, base, merged.commit, options),
      author: { ...author, time: committer.time },
      committer,
      message,
    },
    options,
  )
  return { type: 'commit', commit }
}

/**
 * The head's own commits, oldest first, each put on top of the last; one that brings nothing new falls away.
 */
async function rebase(git: GitRepository, plan: MergePlan, options: CallOptions): Promise<MergeOutcome> {
  const { base, head, committer } = plan
  const commits: Commit[] = []
  for await (const commit of git.log(head, { exclude: base, ...options })) commits.unshift(commit)
  let onto = base
  for (const { oid, parents, author, message } of commits) {
    const [parent, ...others] = parents
    if (parent === undefined || others.length > 0) {
      return blocked(
        'method',
        `commit ${oid} has ${parents.length} parents and cannot be rebased; merge or squash`,
      )
    }
    // A commit with `parent` as its parent and the tree of `onto`: merging it with the commit to be moved is
    // the three-way merge of what both made of `parent`.
    const here = await git.createCommit(
      {
        parents: [parent],
        changes: await changesBetween(git, parent, onto, options),
        author: committer,
        message: '',
      },
      options,
    )
    const merged = await tryMerge(git, { ours: here, theirs: oid, author: committer, message: '' }, options)
    if (merged.type === 'blocked') return merged
    const changes = await changesBetween(git, onto, merged.commit, options)
    if (changes.length === 0) continue
    onto = await git.createCommit({ parents: [onto], changes, author, committer, message }, options)
  }
  return onto === base ?
      blocked('empty', 'the base has all of its changes already')
    : { type: 'commit', commit: onto }
}

async function tryMerge(
  git: GitRepository,
  merge: Parameters<GitRepository['mergeCommits']>[0],
  options: CallOptions,
): Promise<MergeOutcome> {
  try {
    return { type: 'commit', commit: await git.mergeCommits(merge, options) }
  } catch (error) {
    if (!gitErrors.is(error, 'MERGE_CONFLICT')) throw error
    const { paths } = error.details
    return {
      type: 'blocked',
      blocker: { reason: 'conflicts', message: `both branches changed ${paths.join(', ')}`, paths },
    }
  }
}

/** What makes the tree of `from` that of `to`. */
async function changesBetween(
  git: GitRepository,
  from: Oid,
  to: Oid,
  options: CallOptions,
): Promise<readonly FileChange[]> {
  const changes = await git.diffTrees(from, to, options)
  return changes.map((change): FileChange => {
    if (change.type === 'deleted') return { type: 'delete', path: change.path }
    const { oid, mode } = change.after
    return { type: 'write', path: change.path, content: { oid }, mode }
  })
}

function blocked(reason: MergeBlocker['reason'], message: string): MergeOutcome {
  return { type: 'blocked', blocker: { reason, message } }
}
