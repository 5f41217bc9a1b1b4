import type { HostAnswer } from '../exchange.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostLabel, HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { broken, failed, fieldOf, idsOf, listed, namesOf, notFound, repositoryOf, union } from './answers.ts'
import { pullRoute } from './pull-routes.ts'
import type { GiteaContext } from './server.ts'
import { commentShape, issueShape, labelsFor, labelShape, milestoneShape, userShape } from './shapes.ts'

const labelsOf = (pull: HostPull, repository: HostRepository, context: GiteaContext): HostAnswer => ({
  status: 200,
  body: labelsFor(repository, context)
    .filter(({ name }) => pull.labels.includes(name))
    .map((label) => labelShape(label, context)),
})

const usersRoute = (name: 'assignees' | 'reviewers'): Route<GiteaContext> => ({
  method: 'GET',
  pattern: `/repos/:owner/:repo/${name}`,
  serve({ params }, context) {
    if (repositoryOf(params, context) === undefined) return notFound
    return { status: 200, body: context.users.map((login) => userShape(login, context)) }
  },
})

/** Issues that are switched off change nothing for pull requests here. */
export const issueRoutes: readonly Route<GiteaContext>[] = [
  pullRoute(
    'PATCH',
    '',
    ({ body }, context, repository, pull) => {
      const milestone = fieldOf(body, 'milestone')
      if (typeof milestone === 'number' && repository.settings.push) {
        const known = repository.state.milestones.some(({ number }) => number === milestone)
        if (milestone !== 0 && !known) return broken
        pull.milestone = milestone === 0 ? undefined : milestone
        pull.updatedAt = context.now()
      }
      return { status: 201, body: issueShape(pull, repository, context) }
    },
    'issues',
  ),
  pullRoute(
    'POST',
    '/labels',
    ({ body }, context, repository, pull) => {
      if (!repository.settings.push) return failed(403, 'write permission is required')
      const [ids, names] = [idsOf(body, 'labels'), namesOf(body, 'labels')]
      if (ids.length > 0 && names.length > 0) {
        return failed(400, 'labels should be an array of strings or integers')
      }
      // Unknown ones are passed over, never made.
      const added = labelsFor(repository, context).filter(
        ({ id, name }) => ids.includes(id) || names.includes(name),
      )
      pull.labels = union(
        pull.labels,
        added.map(({ name }) => name),
      )
      pull.updatedAt = context.now()
      return labelsOf(pull, repository, context)
    },
    'issues',
  ),
  pullRoute(
    'DELETE',
    '/labels/:id',
    ({ params }, context, repository, pull) => {
      const label = labelsFor(repository, context).find(({ id }) => String(id) === params['id'])
      if (label === undefined) return failed(422, `label does not exist [label_id: ${params['id']}]`)
      pull.labels = pull.labels.filter((name) => name !== label.name)
      return { status: 204 }
    },
    'issues',
  ),
  pullRoute(
    'GET',
    '/comments',
    async (_request, context, repository, pull) => {
      const { comments } = await repository.view(context.view.stale)
      const found = comments.filter((comment) => comment.pull === pull.number)
      // All of them, on one page.
      const body = found.map((comment) => commentShape(comment, repository, context))
      return { status: 200, body, headers: { 'x-total-count': String(found.length) } }
    },
    'issues',
  ),
  pullRoute(
    'POST',
    '/comments',
    ({ body }, context, repository, pull) => {
      const [id, now] = [context.nextId(), context.now()]
      const text = String(fieldOf(body, 'body') ?? '')
      const times = { createdAt: now, updatedAt: now }
      const comment = { id, pull: pull.number, author: context.login, body: text, ...times }
      repository.state.comments.push(comment)
      return { status: 201, body: commentShape(comment, repository, context) }
    },
    'issues',
  ),
  {
    method: 'PATCH',
    pattern: '/repos/:owner/:repo/issues/comments/:id',
    serve({ params, body }, context) {
      const repository = repositoryOf(params, context)
      const comment = repository?.state.comments.find(({ id }) => String(id) === params['id'])
      if (repository === undefined || comment === undefined) return notFound
      comment.body = String(fieldOf(body, 'body'))
      comment.updatedAt = context.now()
      return { status: 200, body: commentShape(comment, repository, context) }
    },
  },
  usersRoute('assignees'),
  usersRoute('reviewers'),
  {
    method: 'GET',
    pattern: '/users/:login',
    serve({ params }, context) {
      const login = params['login'] ?? ''
      return context.users.includes(login) ?
          { status: 200, body: userShape(login, context) }
        : failed(404, `user redirect does not exist [name: ${login}]`)
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/labels',
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      if (repository === undefined) return notFound
      return listedLabels((await repository.view(context.view.stale)).labels, request, context)
    },
  },
  {
    method: 'GET',
    pattern: '/orgs/:owner/labels',
    serve(request, context) {
      const labels = context.server.organizations.get(request.params['owner'] ?? '')
      return labels === undefined ? notFound : listedLabels(labels, request, context)
    },
  },
  {
    method: 'POST',
    pattern: '/repos/:owner/:repo/labels',
    serve({ params, body }, context) {
      const repository = repositoryOf(params, context)
      if (repository === undefined) return notFound
      if (!repository.settings.push) return failed(403, 'user should have permission to write to issues')
      const [name, color] = [String(fieldOf(body, 'name')), String(fieldOf(body, 'color') ?? '')]
      if (!/^#?[0-9a-f]{6}$/i.test(color)) return failed(422, `invalid color [color: ${color}]`)
      const label = { id: context.nextId(), name, color: color.replace('#', '') }
      repository.state.labels.push(label)
      return { status: 201, body: labelShape(label, context) }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/milestones',
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      if (repository === undefined) return notFound
      const { milestones } = await repository.view(context.view.stale)
      const [state, name] = [request.query.get('state') ?? 'open', request.query.get('name') ?? '']
      const found = milestones
        .filter((milestone) => state === 'all' || milestone.state === state)
        // Any title that contains it, in any case.
        .filter(({ title }) => title.toLowerCase().includes(name.toLowerCase()))
      return listed(found.map(milestoneShape), request, context)
    },
  },
]

function listedLabels(
  labels: readonly HostLabel[],
  request: Parameters<typeof listed>[1],
  context: GiteaContext,
): HostAnswer {
  return listed(
    labels.map((label) => labelShape(label, context)),
    request,
    context,
  )
}
