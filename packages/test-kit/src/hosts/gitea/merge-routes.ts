import type { HostAnswer } from '../exchange.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { broken, failed, fieldOf, listed, notFound, repositoryOf } from './answers.ts'
import { lacksChecks, mergeabilityOf } from './mergeability.ts'
import { pullRoute } from './pull-routes.ts'
import { isNewest, type GiteaContext } from './server.ts'
import { isDraft, userShape } from './shapes.ts'

/** Ways to merge, in the words of lg. */
const methods: Readonly<Record<string, string>> = {
  merge: 'merge',
  rebase: 'rebase',
  'rebase-merge': 'merge',
  squash: 'squash',
  'fast-forward-only': 'fast-forward',
}

export const mergeRoutes: readonly Route<GiteaContext>[] = [
  pullRoute('POST', '/merge', async ({ body }, context, repository, pull) => {
    const { settings, inspect } = repository
    const newest = isNewest(context.server)
    const either = (old: string, name: string): unknown =>
      fieldOf(body, old) ?? (newest ? fieldOf(body, name) : undefined)
    const style = either('Do', 'do')
    if (typeof style !== 'string') return failed(422, '[Do]: Required')
    const later = fieldOf(body, 'merge_when_checks_succeed') === true
    const refusal = await refusalOf(pull, repository, context, later)
    if (refusal !== undefined) return refusal
    // Most versions do not look whether there is anything left to wait for.
    if (later && (!newest || lacksChecks(pull, repository))) {
      if (pull.autoMerge !== undefined) {
        return failed(
          409,
          `pull request is already scheduled to auto merge when checks succeed [pull_id: ${pull.number}]`,
        )
      }
      pull.autoMerge = style
      return { status: 201 }
    }
    const method = methods[style] ?? ''
    if (!settings.mergeMethods.includes(method)) {
      return failed(405, `${style} is not allowed an allowed merge style for this repository`)
    }
    const head = fieldOf(body, 'head_commit_id')
    if (typeof head === 'string' && head !== '' && head !== pull.headCommit)
      return failed(409, 'head out of date')
    const title = either('MergeTitleField', 'merge_title_field') ?? `Merge pull request '${pull.title}'`
    const more = either('MergeMessageField', 'merge_message_field')
    const message = typeof more === 'string' ? `${String(title)}\n\n${more}\n` : `${String(title)}\n`
    const commit = await inspect.merge({ method, base: pull.base, head: pull.headCommit, message })
    if (commit === undefined) {
      // What goes wrong in a merge itself comes without a message, or not at all.
      return method === 'fast-forward' ? broken : (
          { status: 409, body: { Style: style, StdOut: 'CONFLICT', StdErr: '', Err: {} } }
        )
    }
    markMerged(pull, commit, context.now())
    return { status: later && newest ? 201 : 200 }
  }),
  pullRoute('DELETE', '/merge', (_request, _context, _repository, pull) => {
    if (pull.autoMerge === undefined) return notFound
    pull.autoMerge = undefined
    return { status: 204 }
  }),
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/git/refs/*ref',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      const name = `refs/${params['ref']}`
      // Those of pull requests follow the branch as long as they are open.
      const heads = (await repository?.view(false))?.pulls.map((pull): [string, string] => {
        return [`refs/pull/${pull.number}/head`, pull.headCommit]
      })
      const refs = [...(heads ?? []), ...Object.entries((await repository?.git.refs()) ?? {})]
        .filter(([ref]) => ref.startsWith(name))
        .map(([ref, sha]) => ({
          ref,
          url: `${context.apiUrl}/git/${ref}`,
          object: { type: 'commit', sha, url: '' },
        }))
      if (refs.length === 0) return notFound
      return { status: 200, body: refs.length === 1 && refs[0]?.ref === name ? refs[0] : refs }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/branches/*branch',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      const name = params['branch'] ?? ''
      const id = (await repository?.git.branches())?.[name]
      if (repository === undefined || id === undefined) return notFound
      const url = `${context.url}/${repository.fullName}/commit/${id}`
      const { push, requiredChecks } = repository.settings
      const rules = {
        protected: requiredChecks.length > 0,
        required_approvals: 0,
        enable_status_check: requiredChecks.length > 0,
        status_check_contexts: requiredChecks,
        user_can_push: push,
        user_can_merge: push,
      }
      return { status: 200, body: { name, commit: { id, url, message: '' }, ...rules } }
    },
  },
  {
    method: 'DELETE',
    pattern: '/repos/:owner/:repo/branches/*branch',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      const name = params['branch'] ?? ''
      if (repository === undefined || (await repository.git.branches())[name] === undefined) return notFound
      if (!repository.settings.push)
        return failed(403, 'user should have a permission to write to the target branch')
      await repository.git.git(['update-ref', '-d', `refs/heads/${name}`])
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/commits',
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      const [sha, not] = [request.query.get('sha') ?? '', request.query.get('not') ?? '']
      if (repository === undefined) return notFound
      const range = not === '' ? [sha] : [sha, `^${not}`]
      const commits = (await repository.git.git(['rev-list', ...range])).split('\n').filter(Boolean)
      return listed(
        commits.map((commit) => ({ sha: commit })),
        request,
        context,
      )
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/compare/*range',
    async serve({ params }, context) {
      const repository = repositoryOf(params, context)
      const [base = '', range = ''] = (params['range'] ?? '').split('...', 2)
      const [owner, head] = range.includes(':') ? range.split(':', 2) : [undefined, range]
      if (repository === undefined) return notFound
      const from =
        owner === undefined ? repository : context.network(repository).find((one) => one.owner === owner)
      const tip = (await from?.git.branches())?.[head ?? '']
      if (from === undefined || tip === undefined) return notFound
      if (from !== repository)
        await repository.inspect.keep(from.git, tip, `refs/forks/${from.fullName}/${head}`)
      const total = await repository.inspect.ahead(`refs/heads/${base}`, tip)
      return { status: 200, body: { total_commits: total, commits: [] } }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/commits/:commit/statuses',
    serve(request, context) {
      const repository = repositoryOf(request.params, context)
      if (repository === undefined) return notFound
      const all = repository.state.checks.filter((check) => check.commit === request.params['commit'])
      const shapes = all.map(({ name, state, description }, index) => ({
        id: index + 1,
        status: state === 'neutral' ? 'warning' : state,
        target_url: '',
        description: description ?? '',
        url: `${context.apiUrl}/statuses/${index + 1}`,
        context: name,
        creator: userShape(context.login, context),
        created_at: '2024-01-01T00:00:00Z',
        updated_at: '2024-01-01T00:00:00Z',
      }))
      // What was said before stays in the list, behind what is said now.
      return listed(shapes.toReversed(), request, context)
    },
  },
  {
    method: 'GET',
    pattern: '/version',
    serve: (_request, { server }) => ({ status: 200, body: { version: server.version } }),
  },
]

/** As Gitea looks before it merges, in its order. */
async function refusalOf(
  pull: HostPull,
  repository: HostRepository,
  context: GiteaContext,
  later: boolean,
): Promise<HostAnswer | undefined> {
  if (repository.settings.archived) return failed(423, `${repository.fullName} is archived`)
  if (pull.state === 'merged') return failed(405, '')
  if (pull.state === 'closed') return notFound
  if (!repository.settings.push) return failed(405, 'User not allowed to merge PR')
  if (isDraft(pull, context)) return failed(405, 'Work in progress PRs cannot be merged')
  if ((await mergeabilityOf(pull, repository)) !== 'mergeable') return failed(405, 'Please try again later')
  if (!later && lacksChecks(pull, repository)) {
    const reason = 'Not all required status checks successful'
    const newest = isNewest(context.server)
    return failed(405, newest ? `not ready to merge: ${reason}` : `not allowed to merge [reason: ${reason}]`)
  }
  return undefined
}

function markMerged(pull: HostPull, commit: string, now: number): void {
  pull.state = 'merged'
  pull.mergeCommit = commit
  pull.closedAt = now
  pull.updatedAt = now
  pull.autoMerge = undefined
}
