import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostAnswer, HostRequest } from '../exchange.ts'
import type { Route } from '../routes.ts'
import { failed, fieldOf, forbidden, listed, projectNotFound, projectOf } from './answers.ts'
import { branchShape, labelShape, milestoneShape, projectShape, userShape } from './shapes.ts'

type Serve = (
  request: HostRequest & { readonly params: Readonly<Record<string, string>> },
  context: HostContext,
  repository: HostRepository,
) => HostAnswer | Promise<HostAnswer>

function projectRoute(method: string, rest: string, serve: Serve): Route<HostContext> {
  return {
    method,
    pattern: `/projects/:project${rest}`,
    async serve(request, context) {
      const repository = projectOf(request.params, context)
      return repository === undefined ? projectNotFound : await serve(request, context, repository)
    },
  }
}

export const projectRoutes: readonly Route<HostContext>[] = [
  projectRoute('GET', '', (_request, context, repository) => {
    return { status: 200, body: projectShape(repository, context) }
  }),
  {
    method: 'GET',
    pattern: '/users',
    serve(request, context) {
      const name = request.query.get('username')
      const found = context.users.filter((login) => name === null || login === name.toLowerCase())
      return listed(
        found.map((login) => userShape(login, context)),
        request,
        context,
      )
    },
  },
  projectRoute('GET', '/labels', async (request, context, repository) => {
    const { labels } = await repository.view(context.view.stale)
    return listed(labels.map(labelShape), request, context)
  }),
  projectRoute('POST', '/labels', ({ body }, context, { state, settings }) => {
    const [name, color] = [String(fieldOf(body, 'name')), String(fieldOf(body, 'color'))]
    if (!settings.makeLabels) return forbidden
    if (state.labels.some((label) => label.name === name)) return failed(409, 'Label already exists')
    const label = { id: context.nextId(), name, color }
    state.labels.push(label)
    return { status: 201, body: labelShape(label) }
  }),
  projectRoute('GET', '/milestones', async (request, context, repository) => {
    const { milestones } = await repository.view(context.view.stale)
    const title = request.query.get('title')
    const above = request.query.get('include_ancestors') === 'true'
    const found = milestones
      .filter((milestone) => title === null || milestone.title === title)
      .filter(({ inherited = false }) => above || !inherited)
    return listed(
      found.map((milestone) => milestoneShape(milestone, repository, context)),
      request,
      context,
    )
  }),
  projectRoute('GET', '/repository/branches/:branch', async ({ params }, _context, { git }) => {
    const name = params['branch'] ?? ''
    const commit = (await git.branches())[name]
    return commit === undefined ?
        failed(404, '404 Branch Not Found')
      : { status: 200, body: branchShape(name, commit) }
  }),
  projectRoute('DELETE', '/repository/branches/:branch', async ({ params }, _context, { git, settings }) => {
    const name = params['branch'] ?? ''
    if ((await git.branches())[name] === undefined) return failed(404, '404 Branch Not Found')
    if (!settings.push) return forbidden
    await git.deleteBranch(name)
    return { status: 204 }
  }),
  projectRoute('GET', '/repository/compare', async ({ query }, context, repository) => {
    const [from = '', to = ''] = [query.get('from') ?? '', query.get('to') ?? '']
    const other = query.get('from_project_id')
    const target = other === null ? repository : context.repositoryWithId(Number(other))
    const [base, head] = [(await target?.git.branches())?.[from], (await repository.git.branches())[to]]
    if (target === undefined || base === undefined || head === undefined)
      return failed(404, '404 Ref Not Found')
    if (target !== repository) await target.inspect.keep(repository.git, head, `refs/compared/${head}`)
    const ahead = await target.inspect.ahead(base, head)
    const commits = Array.from({ length: ahead }, () => ({ id: head, title: 'A commit' }))
    return { status: 200, body: { commit: commits[0] ?? null, commits, diffs: [], compare_timeout: false } }
  }),
]
