import { createPullRequestError, type IgnoredField, type PullRequest } from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import {
  hasNextPage,
  hostWords,
  itemsOf,
  readAnswer,
  refusalOf,
  type AnswerReader,
  type Page,
} from '@lg/pull-request/http'
import { labelLength, labelLimit } from './capabilities.ts'
import { missingFrom, sameName, type HostContext } from './host-context.ts'
import { pageSize } from './read.ts'

/** Names that a caller gives. */
export interface Names {
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly reviewers: readonly string[]
  readonly milestone: string | null | undefined
}

/** What the host makes of them. */
export interface Resolved {
  /** Those that may be set: the repository has them, or they will be made. */
  readonly labels: readonly string[]
  readonly newLabels: readonly string[]
  /** The number that GitHub knows a milestone by; `null`: none. */
  readonly milestone: { readonly title: string; readonly number: number } | null | undefined
  readonly ignored: readonly IgnoredField[]
}

/**
 * Looks up every name that the pull request does not have yet; nothing is changed by it.
 *
 * @throws {LgError} `VALIDATION`, `UNKNOWN_USER`, `UNKNOWN_LABEL`, `UNKNOWN_MILESTONE`; `UNSUPPORTED` when strict.
 */
export async function resolveNames(
  context: HostContext,
  names: Names,
  current: PullRequest | undefined,
  strict: boolean,
): Promise<Resolved> {
  const resolving = { ...context, place: atStep(context, 'resolve') }
  checkLabels(resolving, names.labels, current)
  const [labels, milestone] = await Promise.all([
    resolveLabels(resolving, missingFrom(current?.labels ?? [], names.labels)),
    resolveMilestone(resolving, names.milestone, current),
    checkUsers(resolving, names, current),
  ])
  const ignored = [...labels.ignored, ...milestone.ignored]
  const [first] = ignored
  if (strict && first !== undefined) {
    const features = ignored.map(({ field }) => field)
    throw createPullRequestError('UNSUPPORTED', first.reason, resolving.place, { features })
  }
  return { ...labels, milestone: milestone.found, ignored }
}

function checkLabels(
  { place }: HostContext,
  labels: readonly string[],
  current: PullRequest | undefined,
): void {
  const long = labels.findIndex((label) => [...label].length > labelLength)
  const count = new Set([...labels, ...(current?.labels ?? [])].map((label) => label.toLowerCase())).size
  const reason =
    long >= 0 ? `entry ${long + 1} has more than ${labelLength} characters`
    : count > labelLimit ? `there would be ${count}, and the host takes ${labelLimit}`
    : undefined
  if (reason === undefined) return
  throw createPullRequestError('VALIDATION', `labels: ${reason}`, place, {
    faults: [{ field: 'labels', reason }],
  })
}

async function checkUsers(
  { api, target, place }: HostContext,
  { assignees, reviewers }: Names,
  current: PullRequest | undefined,
): Promise<void> {
  const { owner, repo, request } = target
  const found = await Promise.all([
    ...missingFrom(current?.assignees ?? [], assignees).map(async (login) => {
      const call = api.rest.issues.checkUserCanBeAssigned({ owner, repo, request, assignee: login })
      return { login, exists: await exists(call) }
    }),
    ...missingFrom(current?.reviewers ?? [], reviewers).map(async (login) => {
      return { login, exists: await exists(api.rest.users.getByUsername({ username: login, request })) }
    }),
  ])
  const users = [...new Set(found.flatMap(({ login, exists }) => (exists ? [] : [login])))]
  if (users.length === 0) return
  const problem = `${users.join(', ')}: no such user, or none who may be assigned here`
  throw createPullRequestError('UNKNOWN_USER', problem, place, { users })
}

async function exists(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    const status = refusalOf(error)?.status
    if (status === 404) return false
    // Without issues there are no assignees, which shows when they are set.
    if (status === 410) return true
    throw error
  }
}

async function resolveLabels(
  { api, target, labels: mode, place }: HostContext,
  wanted: readonly string[],
): Promise<Pick<Resolved, 'labels' | 'newLabels' | 'ignored'>> {
  const missing = new Set(wanted)
  const pages = itemsOf(async (page): Promise<Page<unknown>> => {
    const { data, headers } = await api.rest.issues.listLabelsForRepo({ ...target, per_page: pageSize, page })
    return { items: data, more: hasNextPage(headers.link) }
  })
  if (wanted.length === 0) return { labels: wanted, newLabels: [], ignored: [] }
  try {
    for await (const data of pages) {
      const name = readAnswer(data, 'label').text('name')
      for (const label of missing) if (sameName(label, name)) missing.delete(label)
      if (missing.size === 0) break
    }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status !== 410) throw error
    const ignored = [{ field: 'labels', values: wanted, reason: hostWords(refusal.body) } as const]
    return { labels: [], newLabels: [], ignored }
  }
  const unknown = [...missing]
  if (unknown.length === 0 || mode === 'create') return { labels: wanted, newLabels: unknown, ignored: [] }
  if (mode === 'require') {
    const problem = `the repository has no label ${unknown.join(', ')}`
    throw createPullRequestError('UNKNOWN_LABEL', problem, place, { labels: unknown })
  }
  const labels = wanted.filter((label) => !missing.has(label))
  const ignored = [{ field: 'labels', values: unknown, reason: 'the repository has no such label' } as const]
  return { labels, newLabels: [], ignored }
}

interface FoundMilestone {
  readonly found: Resolved['milestone']
  readonly ignored: readonly IgnoredField[]
}

async function resolveMilestone(
  { api, target, place }: HostContext,
  title: string | null | undefined,
  current: PullRequest | undefined,
): Promise<FoundMilestone> {
  if (title === undefined || title === null) return { found: title, ignored: [] }
  if (current?.milestone === title) return { found: undefined, ignored: [] }
  const pages = itemsOf(async (page): Promise<Page<unknown>> => {
    const { data, headers } = await api.rest.issues.listMilestones({
      ...target,
      state: 'all',
      per_page: pageSize,
      page,
    })
    return { items: data, more: hasNextPage(headers.link) }
  })
  const same: AnswerReader[] = []
  try {
    for await (const data of pages) {
      const milestone = readAnswer(data, 'milestone')
      if (milestone.text('title') === title) same.push(milestone)
    }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status !== 410) throw error
    return {
      found: undefined,
      ignored: [{ field: 'milestone', values: [title], reason: hostWords(refusal.body) }],
    }
  }
  const open = same.filter((milestone) => milestone.text('state') === 'open')
  const [only, ...others] = open.length > 0 ? open : same
  if (only !== undefined && others.length === 0)
    return { found: { title, number: only.number('number') }, ignored: [] }
  const problem =
    only === undefined ? `there is no milestone ${title}` : `several milestones are called ${title}`
  throw createPullRequestError('UNKNOWN_MILESTONE', problem, place, { milestone: title })
}
