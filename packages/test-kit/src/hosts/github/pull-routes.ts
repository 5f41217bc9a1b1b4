import type { HostAnswer, HostRequest } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { failed, fieldOf, invalid, listed, namesOf, notFound, repositoryOf, union } from './answers.ts'
import { mergeabilityOf } from './mergeability.ts'
import { fullPullShape, pullShape, repositoryShape } from './shapes.ts'

type Params = { readonly params: Readonly<Record<string, string>> }
type Serve = (
  request: HostRequest & Params,
  context: HostContext,
  repository: HostRepository,
  pull: HostPull,
) => HostAnswer | Promise<HostAnswer>

/** A route below one pull request. */
export function pullRoute(method: string, rest: string, serve: Serve, root = 'pulls'): Route<HostContext> {
  return {
    method,
    pattern: `/repos/:owner/:repo/${root}/:number${rest}`,
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      const state = await repository?.view(context.view.stale && request.method === 'GET')
      const pull = state?.pulls.find(({ number }) => String(number) === request.params['number'])
      if (repository === undefined || pull === undefined) return notFound
      return await serve(request, context, repository, pull)
    },
  }
}

export const pullRoutes: readonly Route<HostContext>[] = [
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
      if (repository === undefined) return notFound
      const { query } = request
      const [state, head, base] = [query.get('state') ?? 'open', query.get('head'), query.get('base')]
      const { pulls } = await repository.view(context.view.stale)
      const found = pulls
        .filter((pull) => state === 'all' || (pull.state === 'open') === (state === 'open'))
        // A head without an owner is ignored, and all come back.
        .filter((pull) => !head?.includes(':') || labelOf(pull) === head)
        .filter((pull) => base === null || pull.base === base)
        .toSorted((one, other) => other.number - one.number)
      if (query.get('direction') === 'asc') found.reverse()
      return listed(
        found.map((pull) => pullShape(pull, repository, context)),
        request,
        context,
      )
    },
  },
  { method: 'POST', pattern: '/repos/:owner/:repo/pulls', serve: create },
  pullRoute('GET', '', async (_request, context, repository, pull) => {
    const merge = await mergeabilityOf(pull, repository)
    return { status: 200, body: fullPullShape(pull, repository, context, merge) }
  }),
  pullRoute('PATCH', '', change),
  pullRoute('GET', '/files', async (request, context, repository, pull) => {
    const from = await repository.inspect.mergeBase(pull.baseCommit, pull.headCommit)
    const files = await repository.inspect.files(from ?? pull.baseCommit, pull.headCommit)
    const shapes = files.map((file) => ({
      sha: file.blob,
      filename: file.path,
      status: file.status,
      additions: file.additions,
      deletions: file.deletions,
      changes: file.additions + file.deletions,
      ...(file.hunks !== undefined && { patch: file.hunks }),
      ...(file.previousPath !== undefined && { previous_filename: file.previousPath }),
    }))
    return listed(shapes, request, context)
  }),
  pullRoute('GET', '/reviews', (request, context, _repository, pull) =>
    listed(
      pull.reviewed.map((login, id) => ({ id, user: { login }, state: 'APPROVED' })),
      request,
      context,
    ),
  ),
  pullRoute('POST', '/requested_reviewers', ({ body }, context, repository, pull) => {
    const [reviewers, teams] = [namesOf(body, 'reviewers'), namesOf(body, 'team_reviewers')]
    if (!repository.settings.push) return failed(403, 'Resource not accessible by personal access token')
    if (reviewers.includes(pull.author)) {
      return failed(422, 'Review cannot be requested from pull request author.')
    }
    const known = reviewers.every((login) => context.users.includes(login))
    if (!known || !teams.every((slug) => context.teams.includes(slug))) {
      return failed(
        422,
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
      )
    }
    pull.reviewers = union(pull.reviewers, reviewers)
    pull.teams = union(pull.teams, teams)
    pull.updatedAt = context.now()
    return { status: 201, body: pullShape(pull, repository, context) }
  }),
  pullRoute('DELETE', '/requested_reviewers', ({ body }, context, repository, pull) => {
    pull.reviewers = pull.reviewers.filter((login) => !namesOf(body, 'reviewers').includes(login))
    pull.teams = pull.teams.filter((slug) => !namesOf(body, 'team_reviewers').includes(slug))
    return { status: 200, body: pullShape(pull, repository, context) }
  }),
]

function labelOf({ headRepository, head }: HostPull): string {
  return `${headRepository.split('/')[0]}:${head}`
}

const fault = (code: string, more: { readonly field?: string; readonly message?: string }): HostAnswer =>
  invalid({ resource: 'PullRequest', code, ...more })

async function create({ params, body }: HostRequest & Params, context: HostContext): Promise<HostAnswer> {
  const repository = repositoryOf(params, context)
  if (repository === undefined) return notFound
  const { settings, git, inspect, state } = repository
  if (settings.archived) return failed(403, 'Repository was archived so is read-only.')
  if (!settings.push) return failed(403, 'Resource not accessible by personal access token')
  const [title, headText, base, draft] = ['title', 'head', 'base', 'draft'].map((name) => fieldOf(body, name))
  for (const [field, value] of Object.entries({ title, head: headText, base })) {
    if (typeof value !== 'string' || value === '') return fault('missing_field', { field })
  }
  const text = fieldOf(body, 'body')
  const tooLong = lengthFault(String(title), typeof text === 'string' ? text : '')
  if (tooLong !== undefined) return tooLong

  const [owner, head] = headOf(String(headText), repository.owner)
  const named = fieldOf(body, 'head_repo')
  const from = context
    .network(repository)
    .find(
      (one) =>
        one.owner === owner &&
        (typeof named === 'string' ?
          one.name === named
        : one.owner !== repository.owner || one === repository),
    )
  const headCommit = (await from?.git.branches())?.[head]
  if (from === undefined || headCommit === undefined) return fault('invalid', { field: 'head' })
  const baseCommit = (await git.branches())[String(base)]
  if (baseCommit === undefined) return fault('invalid', { field: 'base' })
  if (from !== repository) await inspect.keep(from.git, headCommit, `refs/forks/${from.fullName}/${head}`)
  if ((await inspect.ahead(baseCommit, headCommit)) === 0) {
    const message = `No commits between ${repository.owner}:${base} and ${owner}:${head}`
    return fault('custom', { message })
  }
  if (openOf(repository, from.fullName, head, String(base)) !== undefined) {
    return fault('custom', { message: `A pull request already exists for ${owner}:${head}.` })
  }
  if (draft === true && !settings.drafts) {
    return failed(422, 'Draft pull requests are not supported in this repository.')
  }
  const now = context.now()
  const pull: HostPull = {
    number: repository.nextNumber(),
    title: String(title),
    body: typeof text === 'string' ? text : '',
    state: 'open',
    draft: draft === true,
    head,
    headRepository: from.fullName,
    headCommit,
    base: String(base),
    baseCommit,
    author: context.login,
    labels: [],
    assignees: [],
    reviewers: [],
    reviewed: [],
    teams: [],
    milestone: undefined,
    autoMerge: undefined,
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    mergeCommit: undefined,
  }
  state.pulls.push(pull)
  return { status: 201, body: fullPullShape(pull, repository, context, undefined) }
}

async function change(
  { body }: HostRequest,
  context: HostContext,
  repository: HostRepository,
  pull: HostPull,
): Promise<HostAnswer> {
  const { settings, git, inspect } = repository
  if (settings.archived) return failed(403, 'Repository was archived so is read-only.')
  if (!settings.push) return failed(403, 'Resource not accessible by personal access token')
  const [title = pull.title, text, state, base] = ['title', 'body', 'state', 'base'].map((name) =>
    fieldOf(body, name),
  )
  const tooLong = lengthFault(String(title), typeof text === 'string' ? text : '')
  if (tooLong !== undefined) return tooLong
  const branches = await git.branches()
  if (typeof base === 'string' && base !== pull.base) {
    const tip = branches[base]
    if (tip === undefined) {
      return fault('invalid', { field: 'base', message: `Proposed base branch '${base}' was not found` })
    }
    if (openOf(repository, pull.headRepository, pull.head, base) !== undefined) {
      const message = `A pull request already exists for base branch '${base}' and head branch '${pull.head}'`
      return fault('invalid', { field: 'base', message })
    }
    if ((await inspect.ahead(tip, pull.headCommit)) === 0) {
      const message = `There are no new commits between base branch '${base}' and head branch '${pull.head}'`
      return fault('invalid', { field: 'base', message })
    }
    pull.base = base
    pull.baseCommit = tip
  }
  if (state === 'open' && pull.state !== 'open') {
    const refusal = await reopenRefusal(repository, context, pull)
    if (refusal !== undefined) return refusal
    pull.state = 'open'
    pull.closedAt = undefined
  }
  if (state === 'closed' && pull.state === 'open') {
    pull.state = 'closed'
    pull.closedAt = context.now()
    pull.autoMerge = undefined
  }
  pull.title = String(title)
  if (typeof text === 'string') pull.body = text
  pull.updatedAt = context.now()
  return { status: 200, body: fullPullShape(pull, repository, context, undefined) }
}

async function reopenRefusal(
  repository: HostRepository,
  context: HostContext,
  pull: HostPull,
): Promise<HostAnswer | undefined> {
  const refuse = (why: string): HostAnswer =>
    fault('invalid', { field: 'state', message: `state cannot be changed. ${why}` })
  if (pull.state === 'merged') return refuse('The pull request cannot be reopened.')
  const from = context.repository(pull.headRepository)
  if ((await from?.git.branches())?.[pull.head] === undefined)
    return refuse(`The ${pull.head} branch has been deleted.`)
  if (openOf(repository, pull.headRepository, pull.head, pull.base) !== undefined) {
    return refuse(
      `There is already an open pull request from ${labelOf(pull)} to ${repository.owner}:${pull.base}.`,
    )
  }
  return undefined
}

function openOf({ state }: HostRepository, from: string, head: string, base: string): HostPull | undefined {
  return state.pulls.find(
    (pull) =>
      pull.state === 'open' && pull.headRepository === from && pull.head === head && pull.base === base,
  )
}

function headOf(text: string, owner: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [owner, text] : [text.slice(0, colon), text.slice(colon + 1)]
}

function lengthFault(title: string, body: string): HostAnswer | undefined {
  const long = (field: string, limit: number): HostAnswer =>
    fault('custom', { field, message: `${field} is too long (maximum is ${limit} characters)` })
  if ([...title].length > 256) return long('title', 256)
  return [...body].length > 65_536 ? long('body', 65_536) : undefined
}
