import { createPullRequestError, type Comment, type CommentResult, type NewComment } from '@lg/pull-request'
import { readTopic, withTopic } from '@lg/pull-request/hosted'
import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { send, type HostContext } from './host-context.ts'
import { read } from './read.ts'

/** Adds a comment, or brings the one on the same topic up to date. */
export async function comment(
  context: HostContext,
  number: number,
  wanted: NewComment,
): Promise<CommentResult> {
  const { body, topic } = wanted
  await read(context, number)
  const earlier =
    topic === undefined ? undefined : (await commentsOf(context, number)).find((one) => one.topic === topic)
  if (earlier !== undefined && earlier.body.trim() === body.trim()) {
    return { id: earlier.id, url: earlier.url, action: 'unchanged' }
  }
  const content = withTopic({ body, topic })
  if (earlier !== undefined) {
    const [thread = '', id = ''] = earlier.id.split('/')
    const url = `${threadsUrl(context, number)}/${thread}/comments/${id}`
    await send(context, { method: 'PATCH', url, body: { content } })
    return { id: earlier.id, url: earlier.url, action: 'updated' }
  }
  // A thread without a status asks nobody to resolve it, which a policy may make a condition of the merge.
  const thread = { comments: [{ parentCommentId: 0, content, commentType: 'text' }] }
  const data = await send(context, { method: 'POST', url: threadsUrl(context, number), body: thread })
  const [made] = toComments(readAnswer(data, 'thread'), context, number)
  if (made === undefined) {
    const reason = 'the new comment is missing'
    throw createPullRequestError('BAD_RESPONSE', reason, context.place, { number, reason })
  }
  return { id: made.id, url: made.url, action: 'created' }
}

export async function comments(context: HostContext, number: number): Promise<readonly Comment[]> {
  await read(context, number)
  return (await commentsOf(context, number)).map(({ url: _url, ...found }) => found)
}

interface HostComment extends Comment {
  readonly url: string
}

/** Those of all threads, oldest first. */
async function commentsOf(context: HostContext, number: number): Promise<readonly HostComment[]> {
  const answer = await send(context, { url: threadsUrl(context, number) })
  return readAnswer(answer, 'list of threads')
    .list('value')
    .flatMap((thread) => toComments(thread, context, number))
    .toSorted((one, other) => one.createdAt - other.createdAt)
}

function threadsUrl({ target }: HostContext, number: number): string {
  return `${target.gitUrl}/pullRequests/${number}/threads`
}

/** What people wrote: the host notes in threads of its own what happened. */
function toComments(thread: AnswerReader, { target }: HostContext, number: number): readonly HostComment[] {
  if (thread.value['isDeleted'] === true) return []
  const threadId = thread.number('id')
  return thread.list('comments').flatMap((found): readonly HostComment[] => {
    if (found.value['isDeleted'] === true || found.value['commentType'] === 'system') return []
    const author = found.optionalRecord('author')
    const createdAt = found.time('publishedDate')
    return [
      {
        id: `${threadId}/${found.number('id')}`,
        url: `${target.page}/pullrequest/${number}?discussionId=${threadId}`,
        ...readTopic(found.optionalText('content') ?? ''),
        ...(author !== undefined && {
          author: author.optionalText('uniqueName') || author.text('displayName'),
        }),
        createdAt,
        updatedAt: found.optionalTime('lastContentUpdatedDate') ?? createdAt,
      },
    ]
  })
}
