import type { HostContext } from '../fake-host.ts'
import type { Route } from '../routes.ts'
import { fieldOf } from '../github/answers.ts'
import { failed, invalid, pullRoute, wrapped } from './answers.ts'
import { commentShape, isoTime, personShape, threadShape } from './shapes.ts'

/** Comments stand in threads, and so do the host's own notes. */
export const threadRoutes: readonly Route<HostContext>[] = [
  pullRoute('GET', '/threads', async (_request, context, repository, pull) => {
    const { comments } = await repository.view(context.view.stale)
    const note = {
      id: 1,
      publishedDate: isoTime(pull.createdAt),
      isDeleted: false,
      comments: [
        {
          id: 1,
          parentCommentId: 0,
          author: personShape(pull.author, context),
          content: 'The reference refs/heads/change was updated.',
          publishedDate: isoTime(pull.createdAt),
          commentType: 'system',
        },
      ],
    }
    const own = comments.filter((comment) => comment.pull === pull.number)
    return wrapped([note, ...own.map((comment) => threadShape(comment, context))])
  }),
  pullRoute('POST', '/threads', ({ body }, context, repository, pull) => {
    const [first] = (fieldOf(body, 'comments') ?? []) as readonly unknown[]
    const text = fieldOf(first, 'content')
    if (typeof text !== 'string') return invalid('A pull request comment requires content to be provided.')
    if (text.length > 150_000) {
      return invalid('A pull request comment cannot be longer than 150000 characters.')
    }
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
    return { status: 200, body: threadShape(comment, context) }
  }),
  pullRoute('PATCH', '/threads/:thread/comments/:comment', ({ params, body }, context, repository) => {
    const comment = repository.state.comments.find(({ id }) => String(id) === params['thread'])
    if (comment === undefined || params['comment'] !== '1') {
      return failed(404, 'GitPullRequestCommentThreadNotFoundException', 'The thread cannot be found.')
    }
    comment.body = String(fieldOf(body, 'content'))
    comment.updatedAt = context.now()
    return { status: 200, body: commentShape(comment, context) }
  }),
]
