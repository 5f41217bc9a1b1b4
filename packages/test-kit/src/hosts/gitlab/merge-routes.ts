import type { HostAnswer, HostRequest } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { failed, fieldOf, listed, projectNotFound, projectOf } from './answers.ts'
import { settledStatus } from './mergeability.ts'
import { pullRoute } from './pull-routes.ts'
import { fullPullShape, statusShape } from './shapes.ts'

const notAllowed = failed(405, '405 Method Not Allowed')

export const mergeRoutes: readonly Route<HostContext>[] = [
  pullRoute('PUT', '/merge', merge),
  pullRoute('POST', '/cancel_merge_when_pipeline_succeeds', async (_request, context, repository, pull) => {
    if (pull.autoMerge === undefined) return failed(406, 'Cannot cancel the automatic merge')
    pull.autoMerge = undefined
    const status = await settledStatus(pull, repository)
    return { status: 201, body: await fullPullShape(pull, repository, context, status) }
  }),
  {
    method: 'GET',
    pattern: '/projects/:project/repository/commits/:commit/statuses',
    serve(request, context) {
      const repository = projectOf(request.params, context)
      if (repository === undefined) return projectNotFound
      const found = repository.state.checks
        .filter(({ kind, commit }) => kind === 'status' && commit === request.params['commit'])
        .map((check, index) => statusShape(check, repository.id * 1000 + index, context))
      return listed(found, request, context)
    },
  },
]

async function merge(
  { body }: HostRequest,
  context: HostContext,
  repository: HostRepository,
  pull: HostPull,
): Promise<HostAnswer> {
  const { settings, inspect, state } = repository
  const sha = fieldOf(body, 'sha')
  // A token that may not merge is told what one is told that is wrong.
  if (!settings.push) return failed(401, '401 Unauthorized')
  if (settings.archived) return failed(403, '403 Forbidden')
  if (pull.state !== 'open' || pull.draft) return notAllowed
  if (typeof sha === 'string' && sha !== pull.headCommit) {
    return failed(409, `SHA does not match HEAD of source branch: ${pull.headCommit}`)
  }
  const status = await settledStatus(pull, repository)
  const later = fieldOf(body, 'auto_merge') === true || fieldOf(body, 'merge_when_pipeline_succeeds') === true
  if (later) {
    const waits = status.startsWith('ci_')
    if (waits && settings.autoMerge) {
      pull.autoMerge = 'merge'
      pull.updatedAt = context.now()
      return { status: 200, body: await fullPullShape(pull, repository, context, status) }
    }
    // There has to be a pipeline, to wait for or that has passed.
    if (waits || !state.checks.some(({ commit }) => commit === pull.headCommit)) return notAllowed
  }
  if (status === 'conflict') return failed(422, 'Branch cannot be merged')
  if (status !== 'mergeable') return notAllowed
  const squash = fieldOf(body, 'squash') === true
  const method =
    squash ? 'squash'
    : settings.mergeMethods.includes('fast-forward') ? 'fast-forward'
    : 'merge'
  const named = fieldOf(body, squash ? 'squash_commit_message' : 'merge_commit_message')
  const message = typeof named === 'string' ? named : `Merge branch '${pull.head}' into '${pull.base}'`
  const commit = await inspect.merge({
    method,
    base: pull.base,
    head: pull.headCommit,
    message: `${message}\n`,
  })
  if (commit === undefined) return failed(422, 'Branch cannot be merged')
  pull.state = 'merged'
  pull.mergeCommit = commit
  pull.closedAt = context.now()
  pull.updatedAt = context.now()
  pull.autoMerge = undefined
  return { status: 200, body: await fullPullShape(pull, repository, context, 'not_open') }
}
