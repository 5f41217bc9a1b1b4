import type { HostAnswer, HostRequest } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { failed, fieldOf, forbidden, listed, notFound, projectNotFound, projectOf } from './answers.ts'
import { applyFields, lengthFault } from './fields.ts'
import { mergeStatusOf, settledStatus } from './mergeability.ts'
import { fullPullShape, pullShape } from './shapes.ts'

type Params = { readonly params: Readonly<Record<string, string>> }
type Serve = (
  request: HostRequest & Params,
  context: HostContext,
  repository: HostRepository,
  pull: HostPull,
) => HostAnswer | Promise<HostAnswer>

/** A route below one merge request. */
export function pullRoute(method: string, rest: string, serve: Serve): Route<HostContext> {
  return {
    method,
    pattern: `/projects/:project/merge_requests/:number${rest}`,
    async serve(request, context) {
      const repository = projectOf(request.params, context)
      if (repository === undefined) return projectNotFound
      const state = await repository.view(context.view.stale && request.method === 'GET')
      const pull = state.pulls.find(({ number }) => String(number) === request.params['number'])
      return pull === undefined ? notFound : await serve(request, context, repository, pull)
    },
  }
}

export const pullRoutes: readonly Route<HostContext>[] = [
  {
    method: 'GET',
    pattern: '/projects/:project/merge_requests',
    async serve(request, context) {
      const repository = projectOf(request.params, context)
      if (repository === undefined) return projectNotFound
      const { query } = request
      const [state, head, base] = ['state', 'source_branch', 'target_branch'].map((name) => query.get(name))
      const from = query.get('source_project_id')
      const { pulls } = await repository.view(context.view.stale)
      const found = pulls
        .filter((pull) => state === null || (pull.state === 'open' ? 'opened' : pull.state) === state)
        .filter((pull) => head === null || pull.head === head)
        .filter((pull) => base === null || pull.base === base)
        .filter((pull) => from === null || String(context.repository(pull.headRepository)?.id) === from)
        .toSorted((one, other) => other.number - one.number)
      return listed(
        found.map((pull) => pullShape(pull, repository, context, 'unchecked')),
        request,
        context,
      )
    },
  },
  { method: 'POST', pattern: '/projects/:project/merge_requests', serve: create },
  pullRoute('GET', '', async (_request, context, repository, pull) => {
    const status = await mergeStatusOf(pull, repository)
    return { status: 200, body: await fullPullShape(pull, repository, context, status) }
  }),
  pullRoute('PUT', '', change),
  pullRoute('GET', '/diffs', async (request, context, repository, pull) => {
    const from = await repository.inspect.mergeBase(pull.baseCommit, pull.headCommit)
    const files = await repository.inspect.files(from ?? pull.baseCommit, pull.headCommit)
    const shapes = files.map(({ status, path, previousPath = path, hunks, blob }) => {
      const same = status === 'renamed' || /^(?:e69de29|0+$)/.test(blob)
      return {
        old_path: previousPath,
        new_path: path,
        a_mode: status === 'added' ? '0' : '100644',
        b_mode: status === 'removed' ? '0' : '100644',
        new_file: status === 'added',
        deleted_file: status === 'removed',
        renamed_file: status === 'renamed',
        generated_file: false,
        diff: hunks ?? (same ? '' : `Binary files a/${previousPath} and b/${path} differ\n`),
      }
    })
    return listed(shapes, request, context)
  }),
]

async function create({ params, body }: HostRequest & Params, context: HostContext): Promise<HostAnswer> {
  const source = projectOf(params, context)
  const targetId = fieldOf(body, 'target_project_id')
  const target = typeof targetId === 'number' ? context.repositoryWithId(targetId) : source
  if (source === undefined || target === undefined) return projectNotFound
  const { settings, git, inspect, state } = target
  if (settings.archived || !settings.push) return forbidden
  for (const field of ['title', 'source_branch', 'target_branch']) {
    if (typeof fieldOf(body, field) !== 'string')
      return { status: 400, body: { error: `${field} is missing` } }
  }
  const [title, head, base] = ['title', 'source_branch', 'target_branch'].map((name) =>
    String(fieldOf(body, name)),
  )
  if (!settings.pullRequests) return failed(422, ['Target project has disabled merge requests'])
  if (source !== target && !context.network(target).includes(source)) {
    return failed(422, ['Source project is not a fork of the target project'])
  }
  if (source === target && head === base) {
    return failed(422, ["You can't use same project/branch for source and target"])
  }
  const headCommit = (await source.git.branches())[head ?? '']
  if (headCommit === undefined) return failed(400, { source_branch: ['does not exist'] })
  if (openOf(target, source.fullName, head ?? '', base ?? '') !== undefined) {
    return alreadyOpen(openOf(target, source.fullName, head ?? '', base ?? '')?.number)
  }
  const tooLong = lengthFault(body)
  if (tooLong !== undefined) return tooLong
  if (source !== target) await inspect.keep(source.git, headCommit, `refs/forks/${source.fullName}/${head}`)
  const now = context.now()
  const pull: HostPull = {
    number: target.nextNumber(),
    title: title ?? '',
    body: '',
    state: 'open',
    draft: false,
    head: head ?? '',
    headRepository: source.fullName,
    headCommit,
    base: base ?? '',
    // Where there is no such branch, GitLab has nothing to compare with, and makes it all the same.
    baseCommit: (await git.branches())[base ?? ''] ?? headCommit,
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
  applyFields(pull, body, target, context)
  state.pulls.push(pull)
  return { status: 201, body: await fullPullShape(pull, target, context, 'preparing') }
}

async function change(
  { body }: HostRequest,
  context: HostContext,
  repository: HostRepository,
  pull: HostPull,
): Promise<HostAnswer> {
  const { settings, git } = repository
  if (settings.archived || !settings.push) return forbidden
  const [base, event] = [fieldOf(body, 'target_branch'), fieldOf(body, 'state_event')]
  const tooLong = lengthFault(body)
  if (tooLong !== undefined) return tooLong
  const reopens = event === 'reopen' && pull.state === 'closed'
  const target = typeof base === 'string' ? base : pull.base
  if (reopens || target !== pull.base) {
    const other = openOf(repository, pull.headRepository, pull.head, target)
    if (other !== undefined && other !== pull) return alreadyOpen(other.number)
  }
  if (target !== pull.base) {
    pull.base = target
    pull.baseCommit = (await git.branches())[target] ?? pull.baseCommit
  }
  if (reopens) {
    pull.state = 'open'
    pull.closedAt = undefined
  }
  applyFields(pull, body, repository, context)
  if (event === 'close' && pull.state === 'open') closePull(pull, context)
  pull.updatedAt = context.now()
  const status = await settledStatus(pull, repository)
  return { status: 200, body: await fullPullShape(pull, repository, context, status) }
}

export function closePull(pull: HostPull, context: HostContext): void {
  pull.state = 'closed'
  pull.closedAt = context.now()
  pull.autoMerge = undefined
}

function openOf({ state }: HostRepository, from: string, head: string, base: string): HostPull | undefined {
  return state.pulls.find(
    (pull) =>
      pull.state === 'open' && pull.headRepository === from && pull.head === head && pull.base === base,
  )
}

function alreadyOpen(number: number | undefined): HostAnswer {
  return failed(409, [`Another open merge request already exists for this source branch: !${number}`])
}
