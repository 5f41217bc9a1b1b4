import type { HostAnswer, HostRequest } from '../exchange.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { broken, failed, fieldOf, idsOf, listed, namesOf, notFound, repositoryOf, union } from './answers.ts'
import { mergeabilityOf } from './mergeability.ts'
import { contentVersionOf, isNewest, type GiteaContext } from './server.ts'
import { labelsFor, pullShape, repositoryShape } from './shapes.ts'

type Params = { readonly params: Readonly<Record<string, string>> }
type Serve = (
  request: HostRequest & Params,
  context: GiteaContext,
  repository: HostRepository,
  pull: HostPull,
) => HostAnswer | Promise<HostAnswer>

/** A route below one pull request. */
export function pullRoute(method: string, rest: string, serve: Serve, root = 'pulls'): Route<GiteaContext> {
  return {
    method,
    pattern: `/repos/:owner/:repo/${root}/:number${rest}`,
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      const state = await repository?.view(context.view.stale && request.method === 'GET')
      const [number] = (request.params['number'] ?? '').split('.')
      const pull = state?.pulls.find((one) => String(one.number) === number)
      if (repository === undefined || pull === undefined || !repository.settings.pullRequests) return notFound
      return await serve(request, context, repository, pull)
    },
  }
}

/** A pull request with what Git says of it. */
async function shapeOf(
  pull: HostPull,
  repository: HostRepository,
  context: GiteaContext,
): Promise<Record<string, unknown>> {
  const from = context.repository(pull.headRepository)
  const headTip = (await from?.git.branches())?.[pull.head]
  const baseTip = (await repository.git.branches())[pull.base]
  const mergeBase = await repository.inspect.mergeBase(
    pull.state === 'merged' ? pull.baseCommit : (baseTip ?? pull.baseCommit),
    pull.headCommit,
  )
  const merge = await mergeabilityOf(pull, repository)
  return pullShape(pull, repository, context, { merge, headTip, baseTip, mergeBase })
}

export const pullRoutes: readonly Route<GiteaContext>[] = [
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo',
    serve({ params }, context) {
      const repository = repositoryOf(params, context)
      return repository === undefined ? notFound : { status: 200, body: repositoryShape(repository, context) }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/pulls',
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      if (repository === undefined || !repository.settings.pullRequests) return notFound
      const state = request.query.get('state') ?? 'open'
      const { pulls } = await repository.view(context.view.stale)
      const found = pulls
        .filter((pull) => state === 'all' || (pull.state === 'open') === (state === 'open'))
        .toSorted((one, other) => other.number - one.number)
      const answer = listed(found, request, context, true)
      const page = answer.body as readonly HostPull[]
      const body = []
      for (const pull of page) body.push(await shapeOf(pull, repository, context))
      return { ...answer, body }
    },
  },
  { method: 'POST', pattern: '/repos/:owner/:repo/pulls', serve: create },
  pullRoute('GET', '', async ({ params }, context, repository, pull) => {
    if (params['number']?.endsWith('.diff')) return await diffOf(pull, repository)
    return { status: 200, body: await shapeOf(pull, repository, context) }
  }),
  pullRoute('PATCH', '', change),
  pullRoute('GET', '/reviews', (request, context, _repository, pull) =>
    listed(
      [
        ...pull.reviewed.map((login, id) => ({ id, user: { login }, state: 'APPROVED' })),
        ...pull.reviewers.map((login, id) => ({ id: id + 100, user: { login }, state: 'REQUEST_REVIEW' })),
      ],
      request,
      context,
    ),
  ),
  pullRoute('POST', '/requested_reviewers', ({ body }, context, repository, pull) => {
    const [reviewers, teams] = [namesOf(body, 'reviewers'), namesOf(body, 'team_reviewers')]
    const stranger = reviewers.find((login) => !context.users.includes(login))
    if (stranger !== undefined) return failed(404, `User '${stranger}' not exist`)
    if (reviewers.includes(pull.author)) {
      return failed(422, "poster of pr can't be reviewer [user_id: 1, repo_id: 1]")
    }
    if (!repository.settings.push) return failed(422, "Doer can't choose reviewer [user_id: 1, repo_id: 1]")
    // A person has no teams, and nothing is said.
    const known = context.server.organizations.has(repository.owner) ? teams : []
    const team = known.find((name) => !context.teams.includes(name))
    if (team !== undefined) return failed(404, `Team '${team}' not exist`)
    pull.reviewers = union(pull.reviewers, reviewers)
    pull.teams = union(pull.teams, known)
    pull.updatedAt = context.now()
    return {
      status: 201,
      body: reviewers.map((login, id) => ({ id, user: { login }, state: 'REQUEST_REVIEW' })),
    }
  }),
  pullRoute('DELETE', '/requested_reviewers', ({ body }, _context, _repository, pull) => {
    pull.reviewers = pull.reviewers.filter((login) => !namesOf(body, 'reviewers').includes(login))
    pull.teams = pull.teams.filter((name) => !namesOf(body, 'team_reviewers').includes(name))
    return { status: 204 }
  }),
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/pulls/:base/*head',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      if (repository === undefined || !repository.settings.pullRequests) return notFound
      const { pulls } = await repository.view(context.view.stale)
      // Any of them, whatever its state: the database has no order.
      const pull = pulls.find(
        ({ base, head, headRepository }) =>
          base === params['base'] && head === params['head'] && headRepository === repository.fullName,
      )
      return pull === undefined ? notFound : { status: 200, body: await shapeOf(pull, repository, context) }
    },
  },
]

/** As Git writes it. */
async function diffOf(pull: HostPull, { git, inspect }: HostRepository): Promise<HostAnswer> {
  const base = pull.state === 'merged' ? pull.baseCommit : `refs/heads/${pull.base}`
  const from = (await inspect.mergeBase(base, pull.headCommit)) ?? base
  const body = await git.git(['-c', 'core.quotePath=false', 'diff', '-p', from, pull.headCommit])
  return { status: 200, body }
}

async function create({ params, body }: HostRequest & Params, context: GiteaContext): Promise<HostAnswer> {
  const repository = repositoryOf(params, context)
  if (repository === undefined || !repository.settings.pullRequests) return notFound
  const { settings, git, inspect, state } = repository
  if (settings.archived) return failed(423, `${repository.fullName} is archived`)
  if (!settings.push) {
    return failed(403, 'token does not have at least one of required scope(s): [write:repository]')
  }
  const [title, headText, base] = ['title', 'head', 'base'].map((name) => String(fieldOf(body, name) ?? ''))
  if (title === '' || headText === undefined || base === undefined) return failed(422, '[Title]: Required')
  if (headText === base) {
    return failed(422, 'Invalid PullRequest: There are no changes between the head and the base')
  }
  const [owner, head] = headText.includes(':') ? headText.split(':', 2) : [repository.owner, headText]
  const from =
    owner === repository.owner ? repository : context.network(repository).find((one) => one.owner === owner)
  const headCommit = (await from?.git.branches())?.[head ?? '']
  const baseCommit = (await git.branches())[base]
  if (from === undefined || head === undefined || headCommit === undefined || baseCommit === undefined) {
    return notFound
  }
  const other = openOf(repository, from.fullName, head, base)
  if (other !== undefined) return alreadyThere(other)
  const labels = labelNames(body, repository, context)
  const milestone = Number(fieldOf(body, 'milestone') ?? 0)
  if (milestone > 0 && !state.milestones.some(({ number }) => number === milestone)) return notFound
  const assignees = namesOf(body, 'assignees')
  const stranger = assignees.find((login) => !context.users.includes(login))
  if (stranger !== undefined) return noAssignee(stranger)
  if (from !== repository) await inspect.keep(from.git, headCommit, `refs/forks/${from.fullName}/${head}`)
  const now = context.now()
  const pull: HostPull = {
    number: repository.nextNumber(),
    title: cut(String(title)),
    body: String(fieldOf(body, 'body') ?? ''),
    state: 'open',
    draft: false,
    head,
    headRepository: from.fullName,
    headCommit,
    base,
    baseCommit,
    author: context.login,
    labels: union([], labels),
    assignees: union([], assignees),
    reviewers: [],
    reviewed: [],
    teams: [],
    milestone: milestone > 0 ? milestone : undefined,
    autoMerge: undefined,
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    mergeCommit: undefined,
  }
  state.pulls.push(pull)
  return { status: 201, body: await shapeOf(pull, repository, context) }
}

/** One thing after the other, so that what comes before a failure is done. */
async function change(
  { body }: HostRequest,
  context: GiteaContext,
  repository: HostRepository,
  pull: HostPull,
): Promise<HostAnswer> {
  const { settings, state, git, inspect } = repository
  if (settings.archived) return failed(423, `${repository.fullName} is archived`)
  const field = (name: string): unknown => fieldOf(body, name)
  const [title, text, base] = [field('title'), field('body'), field('base')]
  const version = contentVersionOf(context.server, repository.fullName, pull)
  const expected = isNewest(context.server) ? (field('content_version') ?? version) : version
  if (typeof text === 'string' && expected !== version) return failed(409, 'the issue is already changed')
  if (typeof title === 'string' && title !== '') pull.title = cut(title)
  if (typeof text === 'string') pull.body = text
  if (field('assignees') !== undefined && settings.push) {
    const stranger = namesOf(body, 'assignees').find((login) => !context.users.includes(login))
    if (stranger !== undefined) return noAssignee(stranger)
    pull.assignees = union([], namesOf(body, 'assignees'))
  }
  const milestone = Number(field('milestone') ?? 0)
  if (milestone !== 0 && settings.push) {
    if (!state.milestones.some(({ number }) => number === milestone)) return broken
    pull.milestone = milestone
  }
  if (field('labels') !== undefined && settings.push) {
    pull.labels = union([], labelNames(body, repository, context))
  }
  if (field('state') !== undefined) {
    if (pull.state === 'merged') {
      return failed(412, 'cannot change state of this pull request, it was already merged')
    }
    // Neither a missing branch nor another open one keeps it from being opened again.
    pull.state = field('state') === 'open' ? 'open' : 'closed'
    pull.closedAt = pull.state === 'open' ? undefined : context.now()
    pull.autoMerge = undefined
  }
  if (typeof base === 'string' && base !== '' && base !== pull.base && pull.state !== 'merged') {
    const tip = (await git.branches())[base]
    if (tip === undefined) return failed(404, `new base '${base}' not exist`)
    if (pull.state === 'closed')
      return failed(422, 'issue is closed [id: 1, repo_id: 1, index: 1, is_pull: true]')
    const other = openOf(repository, pull.headRepository, pull.head, base)
    if (other !== undefined) return alreadyThere(other)
    if ((await inspect.ahead(tip, pull.headCommit)) === 0) return broken
    pull.base = base
    pull.baseCommit = tip
  }
  pull.updatedAt = context.now()
  return { status: 201, body: await shapeOf(pull, repository, context) }
}

/** Numbers that are not known are passed over. */
function labelNames(body: unknown, repository: HostRepository, context: GiteaContext): readonly string[] {
  const ids = idsOf(body, 'labels')
  return labelsFor(repository, context).flatMap(({ id, name }) => (ids.includes(id) ? [name] : []))
}

function openOf({ state }: HostRepository, from: string, head: string, base: string): HostPull | undefined {
  return state.pulls.find(
    (pull) =>
      pull.state === 'open' && pull.headRepository === from && pull.head === head && pull.base === base,
  )
}

function alreadyThere({ number, head, base }: HostPull): HostAnswer {
  const where = `id: ${number + 100}, issue_id: ${number}, head_repo_id: 1, base_repo_id: 1`
  return failed(
    409,
    `pull request already exists for these targets [${where}, head_branch: ${head}, base_branch: ${base}]`,
  )
}

function noAssignee(login: string): HostAnswer {
  return failed(422, `Assignee does not exist: [name: user does not exist [uid: 0, name: ${login}]]`)
}

/** Titles that are too long are cut, and nothing is said. The oldest way to count, by bytes, cuts most. */
function cut(title: string): string {
  const bytes = Buffer.from(title)
  return bytes.length > 255 ? `${bytes.subarray(0, 252).toString()}...` : title
}
