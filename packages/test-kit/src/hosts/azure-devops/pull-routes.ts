import type { HostAnswer } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { fieldOf } from '../github/answers.ts'
import { invalid, listed, pullRoute, repositoryRoute, type Request } from './answers.ts'
import { change } from './change-pull.ts'
import { mergeStatusOf, readQueue, type Merges } from './completion.ts'
import { addLabels, addReviewers } from './decoration-routes.ts'
import { guidOfRepository, numberOf } from './ids.ts'
import { branchOf, cannotBeActivated, exists, lengthProblem, openOf } from './pull-rules.ts'
import { pullShape } from './shapes.ts'

/** @param mergeReads how many reads it takes until a merge is done. */
export function pullRoutes(merges: Merges, mergeReads: number): readonly Route<HostContext>[] {
  return [
    repositoryRoute('GET', '/pullrequests', async (request, context, repository) => {
      const { query } = request
      const read = (name: string): string | null => query.get(`searchCriteria.${name}`)
      const status = { active: 'open', abandoned: 'closed', completed: 'merged' }[read('status') ?? 'active']
      const [source, target, fork] = [
        read('sourceRefName'),
        read('targetRefName'),
        read('sourceRepositoryId'),
      ]
      const { pulls } = await repository.view(context.view.stale)
      const found = pulls
        .filter((pull) => status === undefined || pull.state === status)
        .filter((pull) => source === null || `refs/heads/${pull.head}` === source)
        .filter((pull) => target === null || `refs/heads/${pull.base}` === target)
        .filter((pull) => fork === null || headIdOf(pull, context) === fork)
        .toSorted((one, other) => other.number - one.number)
      const shapes = found.map((pull) =>
        pullShape(pull, repository, context, { mergeStatus: 'succeeded', labels: true, cut: true }),
      )
      return listed(shapes, request, context)
    }),
    repositoryRoute('POST', '/pullrequests', create),
    pullRoute(
      'GET',
      '',
      async (_request, context, repository, pull) => {
        await readQueue(merges, pull, repository, context)
        const mergeStatus = await mergeStatusOf(merges, pull, repository)
        return {
          status: 200,
          body: pullShape(pull, repository, context, { mergeStatus, labels: false, cut: false }),
        }
      },
      'pullrequests',
    ),
    pullRoute(
      'PATCH',
      '',
      async ({ body }, context, repository, pull) => {
        const refusal = await change(body, { context, repository, pull, merges, mergeReads })
        if (refusal !== undefined) return refusal
        pull.updatedAt = context.now()
        const mergeStatus = await mergeStatusOf(merges, pull, repository)
        return {
          status: 200,
          body: pullShape(pull, repository, context, { mergeStatus, labels: false, cut: false }),
        }
      },
      'pullrequests',
    ),
  ]
}

function headIdOf({ headRepository }: HostPull, context: HostContext): string | undefined {
  const from = context.repository(headRepository)
  return from && guidOfRepository(from.id)
}

async function create(
  { body }: Request,
  context: HostContext,
  repository: HostRepository,
): Promise<HostAnswer> {
  const { git, inspect, state } = repository
  const [title, description, source, target] = ['title', 'description', 'sourceRefName', 'targetRefName'].map(
    (name) => fieldOf(body, name),
  )
  if (typeof source !== 'string' || typeof target !== 'string') return invalid('A ref is missing.')
  if (typeof title !== 'string' || title.trim() === '') return invalid('Invalid pull request title.')
  const tooLong = lengthProblem(title, description)
  if (tooLong !== undefined) return tooLong
  const forkId = fieldOf(fieldOf(fieldOf(body, 'forkSource'), 'repository'), 'id')
  const from =
    typeof forkId === 'string' ? context.repositoryWithId(numberOf(forkId) ?? Number.NaN) : repository
  if (from === repository && source === target) {
    return invalid('The source and target branches must be different.')
  }
  const [head, base] = [branchOf(source), branchOf(target)]
  const headCommit = (await from?.git.branches())?.[head]
  const baseCommit = (await git.branches())[base]
  if (from === undefined || headCommit === undefined || baseCommit === undefined) return cannotBeActivated
  const place = { headRepository: from.fullName, head }
  if (openOf(repository, place, base) !== undefined) return exists
  if (from !== repository) await inspect.keep(from.git, headCommit, `refs/forks/${from.id}/${head}`)
  const decorations = { labels: [], reviewers: [], teams: [] } as Pick<
    HostPull,
    'labels' | 'reviewers' | 'teams'
  >
  const labels = (fieldOf(body, 'labels') ?? []) as readonly unknown[]
  const names = labels.map((label) => String(fieldOf(label, 'name')))
  const refusal =
    addLabels(names, decorations, repository, context) ??
    addReviewers(fieldOf(body, 'reviewers'), decorations, repository, context)
  if (refusal !== undefined) return refusal
  const now = context.now()
  const pull: HostPull = {
    ...decorations,
    ...place,
    // One sequence for all repositories.
    number: context.nextId(),
    title,
    body: typeof description === 'string' ? description : '',
    state: 'open',
    draft: fieldOf(body, 'isDraft') === true,
    headCommit,
    base,
    baseCommit,
    author: context.login,
    assignees: [],
    reviewed: [],
    milestone: undefined,
    autoMerge: undefined,
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    mergeCommit: undefined,
  }
  state.pulls.push(pull)
  const shape = pullShape(pull, repository, context, { mergeStatus: 'queued', labels: true, cut: false })
  return { status: 201, body: shape }
}
