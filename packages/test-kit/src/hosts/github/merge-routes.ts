import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostCheck, HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { failed, fieldOf, listed, notFound, repositoryOf } from './answers.ts'
import { missingChecks } from './mergeability.ts'
import { pullRoute } from './pull-routes.ts'
import { repositoryShape } from './shapes.ts'

const notAllowed: Readonly<Record<string, string>> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
}

export const mergeRoutes: readonly Route<HostContext>[] = [
  pullRoute('PUT', '/merge', async ({ body }, context, repository, pull) => {
    const { settings, inspect } = repository
    const method = String(fieldOf(body, 'merge_method') ?? 'merge')
    const sha = fieldOf(body, 'sha')
    if (!settings.push) return failed(403, 'Resource not accessible by personal access token')
    if (settings.archived) return failed(403, 'Repository was archived so is read-only.')
    if (pull.state !== 'open') return failed(405, 'Pull Request is not mergeable')
    if (pull.draft) return failed(405, 'Pull Request is still a draft')
    if (!settings.mergeMethods.includes(method)) return failed(405, notAllowed[method] ?? 'Not allowed')
    if (typeof sha === 'string' && sha !== pull.headCommit) {
      return failed(409, 'Head branch was modified. Review and try the merge again.')
    }
    const [check] = missingChecks(pull, repository)
    if (check !== undefined) return failed(405, `Required status check "${check}" is expected.`)
    const title = fieldOf(body, 'commit_title') ?? `Merge pull request #${pull.number}`
    const message = `${String(title)}\n\n${String(fieldOf(body, 'commit_message') ?? pull.title)}\n`
    const commit = await inspect.merge({ method, base: pull.base, head: pull.headCommit, message })
    if (commit === undefined) return failed(405, 'Pull Request is not mergeable')
    markMerged(pull, commit, context.now())
    return { status: 200, body: { sha: commit, merged: true, message: 'Pull Request successfully merged' } }
  }),
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/git/ref/*ref',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      const tip = (await repository?.git.refs())?.[`refs/${params['ref']}`]
      if (tip === undefined) return notFound
      const url = `${context.apiUrl}/git/refs/${params['ref']}`
      const object = { type: 'commit', sha: tip, url }
      return { status: 200, body: { ref: `refs/${params['ref']}`, node_id: 'REF_1', url, object } }
    },
  },
  {
    method: 'DELETE',
    pattern: '/repos/:owner/:repo/git/refs/*ref',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      if (repository === undefined) return notFound
      const ref = `refs/${params['ref']}`
      if ((await repository.git.refs())[ref] === undefined) return failed(422, 'Reference does not exist')
      if (!repository.settings.push) return failed(403, 'Resource not accessible by personal access token')
      await repository.git.git(['update-ref', '-d', ref])
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/compare/:range',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      const [base = '', head = ''] = (params['range'] ?? '').split('...')
      const from = await repository?.inspect.mergeBase(base, head)
      return from === undefined ? notFound : { status: 200, body: { merge_base_commit: { sha: from } } }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/commits/:commit/status',
    serve(request, context) {
      const found = checksOf(request.params, context, 'status')
      if (found === undefined) return notFound
      const { repository, checks, commit } = found
      const url = `${context.apiUrl}/repos/${repository.fullName}/commits/${commit}`
      const statuses = checks.map(({ name, state, description }, id) => ({
        id,
        node_id: `SC_${id}`,
        context: name,
        state: state === 'neutral' ? 'error' : state,
        description: description ?? null,
        target_url: `${context.url}/checks/${id}`,
        url,
        avatar_url: null,
        created_at: '2024-01-01T00:00:00Z',
        updated_at: '2024-01-01T00:00:00Z',
      }))
      const body = {
        state: 'pending',
        sha: commit,
        total_count: checks.length,
        statuses: (listed(statuses, request, context).body ?? []) as readonly unknown[],
        repository: repositoryShape(repository, context),
        commit_url: url,
        url: `${url}/status`,
      }
      return { ...listed(statuses, request, context), body }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/commits/:commit/check-runs',
    serve(request, context) {
      const found = checksOf(request.params, context, 'run')
      if (found === undefined) return notFound
      const runs = found.checks.map((check, id) => runShape(check, id, context))
      const page = listed(runs, request, context)
      return { ...page, body: { total_count: runs.length, check_runs: page.body } }
    },
  },
]

function markMerged(pull: HostPull, commit: string, now: number): void {
  pull.state = 'merged'
  pull.mergeCommit = commit
  pull.closedAt = now
  pull.updatedAt = now
  pull.autoMerge = undefined
}

function checksOf(
  params: Readonly<Record<string, string>>,
  context: HostContext,
  kind: HostCheck['kind'],
):
  | { readonly repository: HostRepository; readonly checks: readonly HostCheck[]; readonly commit: string }
  | undefined {
  const repository = repositoryOf(params, context)
  const commit = params['commit'] ?? ''
  if (repository === undefined) return undefined
  return {
    repository,
    commit,
    checks: repository.state.checks.filter((one) => one.kind === kind && one.commit === commit),
  }
}

function runShape(
  { name, state, commit, description }: HostCheck,
  id: number,
  { apiUrl, url }: HostContext,
): unknown {
  const done = state !== 'pending'
  return {
    id,
    node_id: `CR_${id}`,
    head_sha: commit,
    name,
    url: `${apiUrl}/check-runs/${id}`,
    html_url: `${url}/runs/${id}`,
    details_url: null,
    status: done ? 'completed' : 'in_progress',
    conclusion: done ? state : null,
    started_at: '2024-01-01T00:00:00Z',
    completed_at: done ? '2024-01-01T00:01:00Z' : null,
    external_id: null,
    check_suite: null,
    output: {
      title: description ?? null,
      summary: null,
      text: null,
      annotations_count: 0,
      annotations_url: `${apiUrl}/check-runs/${id}/annotations`,
    },
    app: null,
    pull_requests: [],
  }
}
