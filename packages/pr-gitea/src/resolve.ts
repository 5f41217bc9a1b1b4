import { createPullRequestError, type IgnoredField, type PullRequest } from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import { readAnswer, refusalOf, type AnswerReader } from '@lg/pull-request/http'
import { allOf, listOf } from './api.ts'
import { missingFrom, paramsOf, type HostContext } from './host-context.ts'

/** Names that a caller gives. */
export interface Names {
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly reviewers: readonly string[]
  readonly milestone: string | null | undefined
}

/** What the host makes of them. */
export interface Resolved {
  /** Those that may be set: the repository or its organisation has them, or they will be made. */
  readonly labels: readonly string[]
  /** What Gitea knows labels by; new ones have none yet. */
  readonly labelIds: ReadonlyMap<string, number>
  readonly newLabels: readonly string[]
  /** `null`: none. */
  readonly milestone: { readonly title: string; readonly id: number } | null | undefined
  readonly ignored: readonly IgnoredField[]
}

/**
 * Looks up every name that the pull request does not have yet; nothing is changed by it.
 *
 * @throws {LgError} `UNKNOWN_USER`, `UNKNOWN_LABEL`, `UNKNOWN_MILESTONE`; `UNSUPPORTED` when strict.
 */
export async function resolveNames(
  context: HostContext,
  names: Names,
  current: PullRequest | undefined,
  strict: boolean,
): Promise<Resolved> {
  const resolving = { ...context, place: atStep(context, 'resolve') }
  const newNames = names.labels.filter((label) => current?.labels.includes(label) !== true)
  const [labels, milestone] = await Promise.all([
    resolveLabels(resolving, newNames),
    resolveMilestone(resolving, names.milestone, current),
    checkUsers(resolving, names, current),
  ])
  const [first] = labels.ignored
  if (strict && first !== undefined) {
    throw createPullRequestError('UNSUPPORTED', first.reason, resolving.place, { features: [first.field] })
  }
  return { ...labels, milestone }
}

async function checkUsers(
  context: HostContext,
  { assignees, reviewers }: Names,
  current: PullRequest | undefined,
): Promise<void> {
  const unknown = await Promise.all([
    notAssignable(context, missingFrom(current?.assignees ?? [], assignees)),
    notThere(context, missingFrom(current?.reviewers ?? [], reviewers)),
  ])
  const users = [...new Set(unknown.flat())]
  if (users.length === 0) return
  const problem = `${users.join(', ')}: no such user, or none who may be assigned here`
  throw createPullRequestError('UNKNOWN_USER', problem, context.place, { users })
}

async function notAssignable(
  { api, target, call }: HostContext,
  wanted: readonly string[],
): Promise<readonly string[]> {
  if (wanted.length === 0) return []
  const users = listOf(await api.repos.repoGetAssignees(...target, paramsOf(call)))
  return missingFrom(
    users.map((user) => readAnswer(user, 'user').text('login')),
    wanted,
  )
}

async function notThere({ api, call }: HostContext, logins: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    logins.map(async (login) => {
      try {
        await api.users.userGet(encodeURIComponent(login), paramsOf(call))
        return []
      } catch (error) {
        const status = refusalOf(error)?.status
        if (status === 404) return [login]
        // A token may be kept from looking users up, and still ask them for a review.
        if (status === 403) return []
        throw error
      }
    }),
  )
  return found.flat()
}

async function resolveLabels(
  context: HostContext,
  wanted: readonly string[],
): Promise<Omit<Resolved, 'milestone'>> {
  const { labels: mode, place } = context
  const labelIds = new Map<string, number>()
  const missing = new Set(wanted)
  if (missing.size > 0) {
    for await (const label of labelsOf(context)) {
      const name = label.text('name')
      if (missing.delete(name)) labelIds.set(name, label.number('id'))
      if (missing.size === 0) break
    }
  }
  const unknown = [...missing]
  if (unknown.length === 0 || mode === 'create') {
    return { labels: wanted, labelIds, newLabels: unknown, ignored: [] }
  }
  if (mode === 'require') {
    const problem = `the repository has no label ${unknown.join(', ')}`
    throw createPullRequestError('UNKNOWN_LABEL', problem, place, { labels: unknown })
  }
  const labels = wanted.filter((label) => !missing.has(label))
  const ignored = [{ field: 'labels', values: unknown, reason: 'the repository has no such label' } as const]
  return { labels, labelIds, newLabels: [], ignored }
}

/** Those of the repository, then those of the organisation that it belongs to. */
async function* labelsOf({ api, target, call }: HostContext): AsyncGenerator<AnswerReader, void> {
  const own = allOf((page) => api.repos.issueListLabels(...target, page, paramsOf(call)))
  for await (const data of own) yield readAnswer(data, 'label')
  try {
    const shared = allOf((page) => api.orgs.orgListLabels(target[0], page, paramsOf(call)))
    for await (const data of shared) yield readAnswer(data, 'label')
  } catch (error) {
    // The owner is a person; or the token may not read organisations.
    const status = refusalOf(error)?.status
    if (status !== 404 && status !== 403) throw error
  }
}

async function resolveMilestone(
  { api, target, call, place }: HostContext,
  title: string | null | undefined,
  current: PullRequest | undefined,
): Promise<Resolved['milestone']> {
  if (title === undefined || title === null) return title
  if (current?.milestone === title) return undefined
  const same: AnswerReader[] = []
  // All that contain the name, in any case; asked for alone, a number would be an identifier.
  const found = allOf((page) =>
    api.repos.issueGetMilestonesList(...target, { state: 'all', name: title, ...page }, paramsOf(call)),
  )
  for await (const data of found) {
    const milestone = readAnswer(data, 'milestone')
    if (milestone.text('title') === title) same.push(milestone)
  }
  const open = same.filter((milestone) => milestone.text('state') === 'open')
  const [only, ...others] = open.length > 0 ? open : same
  if (only !== undefined && others.length === 0) return { title, id: only.number('id') }
  const problem =
    only === undefined ? `there is no milestone ${title}` : `several milestones are called ${title}`
  throw createPullRequestError('UNKNOWN_MILESTONE', problem, place, { milestone: title })
}
