import type { HostAnswer } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostLabel, HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import {
  failed,
  fieldOf,
  invalid,
  issuesDisabled,
  listed,
  namesOf,
  notFound,
  repositoryOf,
  union,
} from './answers.ts'
import { pullRoute } from './pull-routes.ts'
import { commentShape, issueShape, labelShape, milestoneShape, userShape } from './shapes.ts'

/** GitHub takes names of labels for equal whatever their case. */
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const labelsOf = (pull: HostPull, repository: HostRepository, context: HostContext): HostAnswer => ({
  status: 200,
  body: repository.state.labels
    .filter(({ name }) => pull.labels.includes(name))
    .map((label) => labelShape(label, context)),
})

export const issueRoutes: readonly Route<HostContext>[] = [
  pullRoute(
    'PATCH',
    '',
    ({ body }, context, repository, pull) => {
      if (!repository.settings.issues) return issuesDisabled
      const milestone = fieldOf(body, 'milestone')
      if (milestone !== undefined && repository.settings.push) {
        const known =
          milestone === null || repository.state.milestones.some(({ number }) => number === milestone)
        if (!known) return invalid({ resource: 'Issue', field: 'milestone', code: 'invalid' })
        pull.milestone = typeof milestone === 'number' ? milestone : undefined
        pull.updatedAt = context.now()
      }
      return { status: 200, body: issueShape(pull, repository, context) }
    },
    'issues',
  ),
  pullRoute(
    'POST',
    '/labels',
    ({ body }, context, repository, pull) => {
      if (!repository.settings.issues) return issuesDisabled
      const { labels } = repository.state
      // Without the right to push they are dropped, and nothing is said.
      const names = repository.settings.push ? namesOf(body, 'labels') : []
      const added = names.map((name) => {
        const known = labels.find((label) => same(label.name, name))
        const label: HostLabel = known ?? { id: context.nextId(), name, color: 'ededed' }
        if (known === undefined) labels.push(label)
        return label.name
      })
      pull.labels = union(pull.labels, added)
      if (added.length > 0) pull.updatedAt = context.now()
      return labelsOf(pull, repository, context)
    },
    'issues',
  ),
  pullRoute(
    'DELETE',
    '/labels/:label',
    ({ params }, context, repository, pull) => {
      if (!repository.settings.issues) return issuesDisabled
      if (!pull.labels.some((name) => same(name, params['label'] ?? '')))
        return failed(404, 'Label does not exist')
      pull.labels = pull.labels.filter((name) => !same(name, params['label'] ?? ''))
      return labelsOf(pull, repository, context)
    },
    'issues',
  ),
  pullRoute(
    'POST',
    '/assignees',
    ({ body }, context, repository, pull) => {
      if (!repository.settings.issues) return issuesDisabled
      // Whoever may not be assigned is dropped, and nothing is said.
      const known = namesOf(body, 'assignees').filter((login) => context.users.includes(login))
      if (repository.settings.push) pull.assignees = union(pull.assignees, known).slice(0, 10)
      pull.updatedAt = context.now()
      return { status: 201, body: issueShape(pull, repository, context) }
    },
    'issues',
  ),
  pullRoute(
    'DELETE',
    '/assignees',
    ({ body }, context, repository, pull) => {
      pull.assignees = pull.assignees.filter((login) => !namesOf(body, 'assignees').includes(login))
      return { status: 200, body: issueShape(pull, repository, context) }
    },
    'issues',
  ),
  pullRoute(
    'GET',
    '/comments',
    async (request, context, repository, pull) => {
      const { comments } = await repository.view(context.view.stale)
      const found = comments.filter((comment) => comment.pull === pull.number)
      return listed(
        found.map((comment) => commentShape(comment, repository, context)),
        request,
        context,
      )
    },
    'issues',
  ),
  pullRoute(
    'POST',
    '/comments',
    ({ body }, context, repository, pull) => {
      const text = fieldOf(body, 'body')
      if (typeof text !== 'string')
        return invalid({ resource: 'IssueComment', field: 'body', code: 'missing_field' })
      const [id, now] = [context.nextId(), context.now()]
      const comment = {
        id,
        pull: pull.number,
        author: context.login,
        body: text,
        createdAt: now,
        updatedAt: now,
      }
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
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/assignees/:login',
    serve({ params }, context) {
      if (repositoryOf(params, context) === undefined) return notFound
      return context.users.includes(params['login'] ?? '') ? { status: 204 } : notFound
    },
  },
  {
    method: 'GET',
    pattern: '/users/:login',
    serve({ params }, context) {
      const login = params['login'] ?? ''
      if (!context.users.includes(login)) return notFound
      const none = {
        bio: null,
        blog: null,
        company: null,
        email: null,
        hireable: null,
        location: null,
        name: null,
      }
      const counts = { followers: 0, following: 0, public_gists: 0, public_repos: 0 }
      const times = { created_at: '2024-01-01T00:00:00Z', updated_at: '2024-01-01T00:00:00Z' }
      return { status: 200, body: { ...userShape(login, context), ...none, ...counts, ...times } }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/labels',
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      if (repository === undefined) return notFound
      const { labels } = await repository.view(context.view.stale)
      return listed(
        labels.map((label) => labelShape(label, context)),
        request,
        context,
      )
    },
  },
  {
    method: 'POST',
    pattern: '/repos/:owner/:repo/labels',
    serve({ params, body }, context) {
      const repository = repositoryOf(params, context)
      if (repository === undefined) return notFound
      const { labels } = repository.state
      const [name, color] = [String(fieldOf(body, 'name')), String(fieldOf(body, 'color') ?? 'ededed')]
      if (labels.some((label) => same(label.name, name))) {
        return invalid({ resource: 'Label', field: 'name', code: 'already_exists' })
      }
      const label = { id: context.nextId(), name, color }
      labels.push(label)
      return { status: 201, body: labelShape(label, context) }
    },
  },
  {
    method: 'GET',
    pattern: '/repos/:owner/:repo/milestones',
    async serve(request, context) {
      const repository = repositoryOf(request.params, context)
      if (repository === undefined) return notFound
      if (!repository.settings.issues) return issuesDisabled
      const { milestones } = await repository.view(context.view.stale)
      const state = request.query.get('state') ?? 'open'
      const found = milestones.filter((milestone) => state === 'all' || milestone.state === state)
      return listed(
        found.map((milestone) => milestoneShape(milestone, context)),
        request,
        context,
      )
    },
  },
]
