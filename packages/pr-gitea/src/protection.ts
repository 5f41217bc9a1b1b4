import type { Check, MergeBlocker } from '@lg/pull-request'
import { readAnswer } from '@lg/pull-request/http'
import { allOf, dataOf } from './api.ts'
import { checksAt } from './checks.ts'
import { paramsOf, type HostContext } from './host-context.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/**
 * What the rules of the base branch still want, as far as Gitea shows them; a pull request itself does not tell. More may
 * show when a merge is tried: protected files, signatures, rejections.
 */
export async function missingByRules(
  context: HostContext,
  { pullRequest }: HostPullRequest,
): Promise<readonly MergeBlocker[]> {
  const { api, target, call } = context
  const { base, headCommit } = pullRequest
  const answer = await api.repos.repoGetBranch(...target, encodeURIComponent(base), paramsOf(call))
  const branch = readAnswer(dataOf(answer), 'branch')
  const blockers: MergeBlocker[] = []
  if (branch.value['user_can_merge'] === false) {
    blockers.push({ reason: 'protected', message: `the owner of the token may not merge into ${base}` })
  }
  if (branch.value['enable_status_check'] === true && headCommit !== undefined) {
    const { checks } = await checksAt(context, headCommit)
    const missing = missingChecks(checks, branch.value['status_check_contexts'])
    if (missing.length > 0) {
      blockers.push({ reason: 'checks', message: `not successful: ${missing.join(', ')}` })
    }
  }
  const wanted = Number(branch.value['required_approvals'] ?? 0)
  const given = wanted > 0 ? await approvals(context, pullRequest.number) : 0
  if (given < wanted) {
    blockers.push({ reason: 'approvals', message: `${given} of ${wanted} approvals are given` })
  }
  return blockers
}

/** Patterns of which every check that fits, and at least one, has to be successful; without any, all checks have to be. */
function missingChecks(checks: readonly Check[], patterns: unknown): readonly string[] {
  const names =
    Array.isArray(patterns) ? patterns.filter((one): one is string => typeof one === 'string') : []
  const failed = (some: readonly Check[]): boolean => some.some(({ state }) => state !== 'success')
  if (names.length === 0) return checks.filter((check) => failed([check])).map(({ name }) => name)
  return names.filter((pattern) => {
    const fitting = checks.filter(({ name }) => fits(pattern, name))
    return fitting.length === 0 || failed(fitting)
  })
}

/** `*` and `?` stand for other signs, as in the names of files. */
function fits(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(name)
}

/** How many people approve as things are; each counts once, by what they said last. */
async function approvals({ api, target, call }: HostContext, number: number): Promise<number> {
  const last = new Map<string, boolean>()
  const reviews = allOf((page) => api.repos.repoListPullReviews(...target, number, page, paramsOf(call)))
  for await (const data of reviews) {
    const review = readAnswer(data, 'review')
    const [login, state] = [review.optionalRecord('user')?.text('login'), review.text('state')]
    if (login === undefined || !/^(?:APPROVED|REQUEST_CHANGES)$/.test(state)) continue
    const { official, dismissed } = review.value
    last.set(login, state === 'APPROVED' && official === true && dismissed !== true)
  }
  return [...last.values()].filter(Boolean).length
}
