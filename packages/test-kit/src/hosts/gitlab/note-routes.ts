import type { HostContext } from '../fake-host.ts'
import type { Route } from '../routes.ts'
import { fieldOf, listed, notFound } from './answers.ts'
import { withoutCommands } from './fields.ts'
import { closePull, pullRoute } from './pull-routes.ts'
import { noteShape } from './shapes.ts'

export const noteRoutes: readonly Route<HostContext>[] = [
  pullRoute('GET', '/notes', async (request, context, repository, pull) => {
    const { comments } = await repository.view(context.view.stale)
    const found = comments
      .filter((comment) => comment.pull === pull.number)
      .map((comment) => noteShape(comment, repository, context))
    // What the host notes down itself; it stands among what people say.
    const opened = { id: 1, pull: pull.number, author: pull.author, body: 'changed the description' }
    const times = { createdAt: pull.createdAt, updatedAt: pull.createdAt }
    const own = { ...noteShape({ ...opened, ...times }, repository, context), system: true }
    const all = [own, ...found]
    if (request.query.get('sort') !== 'asc') all.reverse()
    return listed(all, request, context)
  }),
  pullRoute('POST', '/notes', ({ body }, context, repository, pull) => {
    const text = fieldOf(body, 'body')
    if (typeof text !== 'string') return { status: 400, body: { error: 'body is missing' } }
    const [id, now] = [context.nextId(), context.now()]
    const comment = {
      id,
      pull: pull.number,
      author: context.login,
      body: withoutCommands(text, () => closePull(pull, context)),
      createdAt: now,
      updatedAt: now,
    }
    repository.state.comments.push(comment)
    return { status: 201, body: noteShape(comment, repository, context) }
  }),
  pullRoute('PUT', '/notes/:id', ({ params, body }, context, repository, pull) => {
    const comment = repository.state.comments.find(({ id }) => String(id) === params['id'])
    if (comment === undefined) return notFound
    comment.body = withoutCommands(String(fieldOf(body, 'body')), () => closePull(pull, context))
    comment.updatedAt = context.now()
    return { status: 200, body: noteShape(comment, repository, context) }
  }),
]
