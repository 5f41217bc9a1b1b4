import { createPullRequestError, type SpecFault } from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import { hostWords, readAnswer, refusalOf, type AnswerReader } from '@lg/pull-request/http'
import type { ApiRequest } from './api.ts'
import { descriptionUnits, labelLength, titleUnits } from './capabilities.ts'
import { missingFrom, sameName, type HostContext } from './host-context.ts'
import { withoutProject, type HostPullRequest, type Reviewer } from './to-pull-request.ts'

/** What a caller gives. */
export interface Names {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly labels: readonly string[]
  readonly reviewers: readonly string[]
  readonly teamReviewers: readonly string[]
}

/** What the host makes of it: only what the pull request does not have yet. */
export interface Resolved {
  readonly labels: readonly string[]
  readonly reviewers: readonly Reviewer[]
}

/**
 * Looks up everybody whom the pull request does not have yet; nothing is changed by it.
 *
 * @throws {LgError} `VALIDATION`, `UNKNOWN_USER`.
 */
export async function resolveNames(
  context: HostContext,
  names: Names,
  current: HostPullRequest | undefined,
): Promise<Resolved> {
  const resolving = { ...context, place: atStep(context, 'resolve') }
  checkTexts(resolving, names)
  const present = (team: boolean): readonly string[] =>
    (current?.reviewers ?? []).flatMap((one) => (one.team === team ? [one.name, one.id] : []))
  const [people, teams] = [
    missingFrom(present(false), names.reviewers),
    missingFrom(
      present(true),
      names.teamReviewers.map((name) => withoutProject(name, context.target.project)),
    ),
  ]
  const found = await Promise.all([
    ...people.map((name) => findReviewer(resolving, name, false)),
    ...teams.map((name) => findReviewer(resolving, name, true)),
  ])
  const users = found.flatMap((one, index) => (one === undefined ? ([...people, ...teams][index] ?? []) : []))
  if (users.length > 0) {
    const problem = `${users.join(', ')}: no such person or group, or more than one; a mail address names one`
    throw createPullRequestError('UNKNOWN_USER', problem, resolving.place, { users })
  }
  return {
    labels: missingFrom(current?.pullRequest.labels ?? [], names.labels),
    reviewers: found.filter((one) => one !== undefined),
  }
}

/** What the port cannot know: lengths are in UTF-16 code units here, and some signs are none for labels. */
function checkTexts({ place }: HostContext, { title = '', description = '', labels }: Names): void {
  const faults: SpecFault[] = []
  const tooLong = (field: 'title' | 'description', text: string, limit: number): void => {
    if (text.length <= limit) return
    const reason = `it has ${text.length} UTF-16 code units, more than the ${limit} that the host takes`
    faults.push({ field, reason })
  }
  tooLong('title', title, titleUnits)
  tooLong('description', description, descriptionUnits)
  labels.forEach((label, index) => {
    const reason = labelProblem(label)
    if (reason !== undefined) faults.push({ field: 'labels', reason: `entry ${index + 1} ${reason}` })
  })
  if (faults.length === 0) return
  const problem = faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ')
  throw createPullRequestError('VALIDATION', problem, place, { faults })
}

function labelProblem(label: string): string | undefined {
  if (label.length > labelLength) return `has more than ${labelLength} characters`
  if (/[,;]/.test(label)) return 'has a comma or a semicolon, which part labels here'
  return /[\u{10000}-\u{10ffff}]/u.test(label) ? 'has an emoji or a sign that labels may not have' : undefined
}

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** By GUID, mail address or account; by the name that is shown, where only one has it. */
async function findReviewer(
  context: HostContext,
  name: string,
  team: boolean,
): Promise<Reviewer | undefined> {
  const { target } = context
  if (guid.test(name)) return { id: name, name, team }
  const wanted = team && !name.startsWith('[') ? `[${target.project}]\\${name}` : name
  const query = { searchFilter: 'General', filterValue: wanted, queryMembership: 'None' }
  const found = (await search(context, { url: `${target.identityUrl}/identities`, query })).filter(
    (one) => (one.value['isContainer'] === true) === team && one.value['isActive'] !== false,
  )
  const exact = found.filter((one) => accountsOf(one).some((account) => sameName(account, wanted)))
  const named = found.filter((one) => sameName(one.optionalText('providerDisplayName') ?? '', wanted))
  const [only, ...others] = exact.length > 0 ? exact : named
  if (only === undefined || others.length > 0) return undefined
  return { id: only.text('id'), name, team }
}

async function search(
  { identities, call, place }: HostContext,
  request: ApiRequest,
): Promise<readonly AnswerReader[]> {
  try {
    return readAnswer(await identities.send(request, call.signal), 'list of identities').list('value')
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal?.status !== 401) throw error
    // The token was good enough for the repository.
    const reason = hostWords(refusal.body) || 'status 401'
    const problem = `the token may not look up people (${reason}); it needs the scope Identity (read), or name them by GUID`
    throw createPullRequestError('FORBIDDEN', problem, place, { reason })
  }
}

function accountsOf(identity: AnswerReader): readonly string[] {
  const properties = identity.optionalRecord('properties')
  const read = (name: string): string => properties?.optionalRecord(name)?.optionalText('$value') ?? ''
  const account = read('Account')
  return [read('Mail'), account, `${read('Domain')}\\${account}`].filter((text) => text !== '')
}
