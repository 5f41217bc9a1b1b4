import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostCheck, HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { listed, pullRoute, repositoryRoute, wrapped } from './answers.ts'
import { guidOf, numberOf } from './ids.ts'
import { isoTime } from './shapes.ts'

const buildType = '0609b952-1397-4640-95ec-e00a01b2c241'
const approvalType = 'fa4e907d-c16b-4a4c-9dfa-4906e5d171dd'
const strategyType = 'fa4e907d-c16b-4a4c-9dfa-4916e5d171ab'

interface Evaluation {
  readonly type: string
  readonly name: string
  readonly status: 'queued' | 'approved' | 'rejected'
}

/** What the policies of the base say of a pull request. */
function evaluationsOf(pull: HostPull, { settings, state }: HostRepository): readonly Evaluation[] {
  const builds = settings.requiredChecks.map((name): Evaluation => {
    const check = state.checks.find((one) => one.commit === pull.headCommit && one.name === name)
    const status =
      check?.state === 'success' ? 'approved'
      : check?.state === 'failure' ? 'rejected'
      : 'queued'
    return { type: buildType, name, status }
  })
  if (settings.requiredApprovals === 0) return builds
  const enough = pull.reviewed.length >= settings.requiredApprovals
  const name = 'Minimum number of reviewers'
  return [...builds, { type: approvalType, name, status: enough ? 'approved' : 'queued' }]
}

export const isBlocked = (pull: HostPull, repository: HostRepository): boolean =>
  evaluationsOf(pull, repository).some(({ status }) => status !== 'approved')

const methodOf: Readonly<Record<string, string>> = {
  noFastForward: 'merge',
  squash: 'squash',
  rebase: 'rebase',
  rebaseMerge: 'rebase-merge',
}

/** There is a policy for it as soon as not all usual ones are allowed. */
const limitsStrategies = ({ settings: { mergeMethods } }: HostRepository): boolean => mergeMethods.length < 3

export function isStrategyAllowed(strategy: string, repository: HostRepository): boolean {
  return (
    !limitsStrategies(repository) || repository.settings.mergeMethods.includes(methodOf[strategy] ?? strategy)
  )
}

function statusShape(check: HostCheck, id: number): unknown {
  const states = { pending: 'pending', success: 'succeeded', failure: 'failed', neutral: 'notApplicable' }
  const [genre, name] = check.name.includes('/') ? check.name.split('/') : [undefined, check.name]
  return {
    id: id + 1,
    state: states[check.state],
    ...(check.description !== undefined && { description: check.description }),
    context: { name, ...(genre !== undefined && { genre }) },
    creationDate: isoTime(0),
    updatedDate: isoTime(0),
    targetUrl: `https://ci.example.com/${id}`,
  }
}

export const policyRoutes: readonly Route<HostContext>[] = [
  {
    method: 'GET',
    pattern: '/:collection/:project/_apis/policy/evaluations',
    async serve(request, context) {
      const number = Number(/\/(\d+)$/.exec(request.query.get('artifactId') ?? '')?.[1])
      for (const repository of context.repositories()) {
        const pull = (await repository.view(false)).pulls.find((one) => one.number === number)
        if (pull === undefined) continue
        const strategy = { type: strategyType, name: 'Require a merge strategy', status: 'queued' } as const
        const all = [...evaluationsOf(pull, repository), ...(limitsStrategies(repository) ? [strategy] : [])]
        const shapes = all.map(({ type, name, status }, id) => ({
          evaluationId: guidOf(`${number} ${name}`),
          status,
          configuration: {
            id,
            isEnabled: true,
            isBlocking: true,
            isDeleted: false,
            type: { id: type, displayName: name },
            settings: type === buildType ? { displayName: name, buildDefinitionId: id } : {},
          },
        }))
        return listed(shapes, request, context)
      }
      return wrapped([])
    },
  },
  {
    method: 'GET',
    pattern: '/:collection/:project/_apis/git/policy/configurations',
    serve({ query }, context) {
      const repository = context.repositoryWithId(numberOf(query.get('repositoryId') ?? '') ?? Number.NaN)
      if (repository === undefined || !limitsStrategies(repository)) return wrapped([])
      const allowed = (strategy: string): boolean => isStrategyAllowed(strategy, repository)
      const settings = {
        allowNoFastForward: allowed('noFastForward'),
        allowSquash: allowed('squash'),
        allowRebase: allowed('rebase'),
        allowRebaseMerge: allowed('rebaseMerge'),
        scope: [],
      }
      const type = { id: strategyType, displayName: 'Require a merge strategy' }
      return wrapped([{ id: 7, isEnabled: true, isBlocking: true, isDeleted: false, type, settings }])
    },
  },
  repositoryRoute('GET', '/commits/:commit/statuses', (request, context, repository) => {
    const found = repository.state.checks.filter(
      (check) => check.kind === 'status' && check.commit === request.params['commit'],
    )
    return listed(found.map(statusShape), request, context, '')
  }),
  pullRoute('GET', '/statuses', (_request, _context, repository, pull) => {
    const found = repository.state.checks.filter(
      (check) => check.kind === 'run' && check.commit === pull.headCommit,
    )
    return wrapped(found.map(statusShape))
  }),
]
