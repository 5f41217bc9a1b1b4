import type { HostAnswer } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { fieldOf } from '../github/answers.ts'
import { failed, invalid, pullRoute, wrapped } from './answers.ts'
import { guidOf } from './ids.ts'
import { groupName, labelShape, projectOf } from './shapes.ts'

export const decorationRoutes: readonly Route<HostContext>[] = [
  pullRoute('GET', '/labels', (_request, _context, _repository, pull) =>
    wrapped(pull.labels.map(labelShape)),
  ),
  pullRoute('POST', '/labels', ({ body }, context, repository, pull) => {
    const name = String(fieldOf(body, 'name') ?? '')
    const refusal = addLabels([name], pull, repository, context)
    return refusal ?? { status: 200, body: labelShape(name) }
  }),
  pullRoute('DELETE', '/labels/:label', ({ params }, _context, _repository, pull) => {
    const label = pull.labels.find((name) => labelShape(name)['id'] === params['label'])
    if (label === undefined) {
      return failed(404, 'GitPullRequestLabelNotFoundException', 'The requested label could not be found')
    }
    pull.labels = pull.labels.filter((name) => name !== label)
    return { status: 200 }
  }),
  pullRoute('POST', '/reviewers', ({ body }, context, repository, pull) => {
    const refusal = addReviewers(body, pull, repository, context)
    return refusal ?? wrapped([])
  }),
  pullRoute('DELETE', '/reviewers/:reviewer', ({ params }, _context, repository, pull) => {
    const isOther = (name: string): boolean => guidOf(name) !== params['reviewer']
    pull.reviewers = pull.reviewers.filter(isOther)
    pull.teams = pull.teams.filter((team) => isOther(groupName(team, projectOf(repository))))
    return { status: 200 }
  }),
]

/** Labels are made by being used. */
export function addLabels(
  names: readonly string[],
  pull: Pick<HostPull, 'labels'>,
  { state, settings }: HostRepository,
  context: HostContext,
): HostAnswer | undefined {
  for (const name of names) {
    if (/[,;\u{10000}-\u{10ffff}]/u.test(name) || name.length > 400) {
      const message = `The label name ${name} is invalid. The name contains invalid characters.`
      return failed(400, 'GitPullRequestLabelNameInvalid', message)
    }
    const isNew = !state.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())
    if (isNew && !settings.makeLabels) {
      const message = 'TF401289: The current user does not have permissions to create tags.'
      return failed(403, 'AccessDeniedException', message)
    }
    if (isNew) state.labels.push({ id: context.nextId(), name, color: '' })
  }
  pull.labels = [...new Set([...pull.labels, ...names])]
  return undefined
}

/** By GUID; one that is not known refuses all. */
export function addReviewers(
  list: unknown,
  pull: Pick<HostPull, 'reviewers' | 'teams'>,
  repository: HostRepository,
  { users, teams }: HostContext,
): HostAnswer | undefined {
  const ids = (Array.isArray(list) ? (list as readonly unknown[]) : []).map((one) => fieldOf(one, 'id'))
  if (ids.length > 100) {
    return invalid('Please limit each request to no more than 100 reviewers.')
  }
  const people = users.filter((login) => ids.includes(guidOf(login)))
  const groups = teams.filter((team) => ids.includes(guidOf(groupName(team, projectOf(repository)))))
  if (people.length + groups.length < ids.length) return invalid('A valid reviewer must be supplied.')
  pull.reviewers = [...new Set([...pull.reviewers, ...people])]
  pull.teams = [...new Set([...pull.teams, ...groups])]
  return undefined
}
