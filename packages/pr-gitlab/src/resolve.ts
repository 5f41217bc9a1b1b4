import { createPullRequestError, type IgnoredField, type PullRequest } from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import type { AnswerReader } from '@lg/pull-request/http'
import { listOf } from './api.ts'
import { labelLength } from './capabilities.ts'
import { missingFrom, missingLabels, sameName, type HostContext } from './host-context.ts'
import { isDraftTitle, type Person } from './to-pull-request.ts'

/** Names that a caller gives. */
export interface Names {
  readonly title: string | undefined
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly reviewers: readonly string[]
  readonly milestone: string | null | undefined
}

/** What the host makes of them. */
export interface Resolved {
  /** Those that may be set: the project has them, or they will be made. */
  readonly labels: readonly string[]
  readonly newLabels: readonly string[]
  /** Those that are not there yet. */
  readonly assignees: readonly Person[]
  readonly reviewers: readonly Person[]
  /** The number that GitLab knows a milestone by; `null`: none. */
  readonly milestone: { readonly title: string; readonly id: number } | null | undefined
  readonly ignored: readonly IgnoredField[]
}

/**
 * Looks up every name that the merge request does not have yet; nothing is changed by it.
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
  checkText(resolving, names)
  const [labels, milestone, people] = await Promise.all([
    resolveLabels(resolving, missingLabels(current?.labels ?? [], names.labels)),
    resolveMilestone(resolving, names.milestone, current),
    resolvePeople(resolving, names, current),
  ])
  const [first] = labels.ignored
  if (strict && first !== undefined) {
    throw createPullRequestError('UNSUPPORTED', first.reason, resolving.place, { features: ['labels'] })
  }
  return { ...labels, ...people, milestone }
}

function checkText({ place }: HostContext, { title, labels }: Names): void {
  const refuse = (field: 'title' | 'labels', reason: string): never => {
    throw createPullRequestError('VALIDATION', `${field}: ${reason}`, place, { faults: [{ field, reason }] })
  }
  if (title !== undefined && isDraftTitle(title)) {
    refuse('title', 'it begins as that of a draft does here; leave that out, and ask for a draft')
  }
  labels.forEach((label, index) => {
    if (label.includes(',')) refuse('labels', `entry ${index + 1} has a comma, which parts labels here`)
    if ([...label].length > labelLength)
      refuse('labels', `entry ${index + 1} has more than ${labelLength} characters`)
  })
}

async function resolvePeople(
  context: HostContext,
  { assignees, reviewers }: Names,
  current: PullRequest | undefined,
): Promise<Pick<Resolved, 'assignees' | 'reviewers'>> {
  const { api, place } = context
  const wanted = {
    assignees: missingFrom(current?.assignees ?? [], assignees),
    reviewers: missingFrom(current?.reviewers ?? [], reviewers),
  }
  const logins = [...new Set([...wanted.assignees, ...wanted.reviewers])]
  const found = new Map<string, Person>()
  await Promise.all(
    logins.map(async (username) => {
      // Nobody, or one; a proxy or a later GitLab that does not know the filter gives everybody.
      for await (const user of listOf('user', (page) => api.users.all({ username, ...page }))) {
        const login = user.text('username')
        if (sameName(login, username)) found.set(username, { id: user.number('id'), login })
        if (found.has(username)) break
      }
    }),
  )
  const users = logins.filter((login) => !found.has(login))
  if (users.length > 0) {
    throw createPullRequestError('UNKNOWN_USER', `there is no user ${users.join(', ')}`, place, { users })
  }
  const people = (names: readonly string[]): readonly Person[] =>
    names.flatMap((login) => found.get(login) ?? [])
  return { assignees: people(wanted.assignees), reviewers: people(wanted.reviewers) }
}

async function resolveLabels(
  { api, project, labels: mode, place }: HostContext,
  wanted: readonly string[],
): Promise<Pick<Resolved, 'labels' | 'newLabels' | 'ignored'>> {
  const missing = new Set(wanted)
  if (missing.size > 0) {
    // Those of the groups above count as well. One alone cannot be asked for: a name of digits would be a number.
    const pages = listOf('label', (page) => api.labels.all(project, { includeAncestorGroups: true, ...page }))
    for await (const label of pages) {
      missing.delete(label.text('name'))
      if (missing.size === 0) break
    }
  }
  const unknown = [...missing]
  if (unknown.length === 0 || mode === 'create') return { labels: wanted, newLabels: unknown, ignored: [] }
  if (mode === 'require') {
    const problem = `the project has no label ${unknown.join(', ')}`
    throw createPullRequestError('UNKNOWN_LABEL', problem, place, { labels: unknown })
  }
  const ignored = [{ field: 'labels', values: unknown, reason: 'the project has no such label' } as const]
  return { labels: missingLabels(unknown, wanted), newLabels: [], ignored }
}

async function resolveMilestone(
  { api, project, place }: HostContext,
  title: string | null | undefined,
  current: PullRequest | undefined,
): Promise<Resolved['milestone']> {
  if (title === undefined || title === null) return title
  if (current?.milestone === title) return undefined
  const same: AnswerReader[] = []
  // Those of the groups above count as well.
  const filter = { title, includeAncestors: true }
  const pages = listOf('milestone', (page) => api.milestones.all(project, { ...filter, ...page }))
  for await (const milestone of pages) if (milestone.text('title') === title) same.push(milestone)
  const open = same.filter((milestone) => milestone.text('state') === 'active')
  const [only, ...others] = open.length > 0 ? open : same
  if (only !== undefined && others.length === 0) return { title, id: only.number('id') }
  const problem =
    only === undefined ?
      `neither the project nor a group above it has a milestone ${title}`
    : `several milestones are called ${title}`
  throw createPullRequestError('UNKNOWN_MILESTONE', problem, place, { milestone: title })
}
