import type { Comment, CommentResult, NewComment } from '@lg/pull-request'
import { readTopic, withTopic } from '@lg/pull-request/hosted'
import { readAnswer } from '@lg/pull-request/http'
import { dataOf, listOf } from './api.ts'
import { paramsOf, type HostContext } from './host-context.ts'
import { read } from './read.ts'

/** Adds a comment, or brings the one on the same topic up to date. */
export async function comment(
  context: HostContext,
  number: number,
  wanted: NewComment,
): Promise<CommentResult> {
  const { api, target, call } = context
  const { body, topic } = wanted
  await read(context, number)
  const all = topic === undefined ? [] : await commentsOf(context, number)
  const earlier = all.find((found) => found.topic === topic)
  if (earlier !== undefined && earlier.body.trim() === body.trim()) {
    return { id: earlier.id, url: earlier.url, action: 'unchanged' }
  }
  const text = { body: withTopic({ body, topic }) }
  const answer =
    earlier === undefined ?
      await api.repos.issueCreateComment(...target, number, text, paramsOf(call))
    : await api.repos.issueEditComment(...target, Number(earlier.id), text, paramsOf(call))
  const { id, url } = toComment(dataOf(answer))
  return { id, url, action: earlier === undefined ? 'created' : 'updated' }
}

export async function comments(context: HostContext, number: number): Promise<readonly Comment[]> {
  await read(context, number)
  const all = await commentsOf(context, number)
  return all.map(({ url: _url, ...found }) => found)
}

interface HostComment extends Comment {
  readonly url: string
}

/** This list comes whole: it is the only one that knows no pages. */
async function commentsOf(
  { api, target, call }: HostContext,
  number: number,
): Promise<readonly HostComment[]> {
  return listOf(await api.repos.issueGetComments(...target, number, {}, paramsOf(call))).map(toComment)
}

function toComment(data: unknown): HostComment {
  const found = readAnswer(data, 'comment')
  const author = found.optionalRecord('user')?.text('login')
  return {
    id: String(found.number('id')),
    url: found.text('html_url'),
    ...readTopic(found.optionalText('body') ?? ''),
    ...(author !== undefined && { author }),
    createdAt: found.time('created_at'),
    updatedAt: found.time('updated_at'),
  }
}
