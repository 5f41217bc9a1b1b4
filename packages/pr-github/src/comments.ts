import type { Comment, CommentResult, NewComment } from '@lg/pull-request'
import { readTopic, withTopic } from '@lg/pull-request/hosted'
import { hasNextPage, itemsOf, readAnswer, type Page } from '@lg/pull-request/http'
import type { HostContext } from './host-context.ts'
import { pageSize, read } from './read.ts'

/** Adds a comment, or brings the one on the same topic up to date. */
export async function comment(
  context: HostContext,
  number: number,
  wanted: NewComment,
): Promise<CommentResult> {
  const { api, target } = context
  const { body, topic } = wanted
  await read(context, number)
  const earlier = topic === undefined ? undefined : await findTopic(context, number, topic)
  if (earlier !== undefined && earlier.body.trim() === body.trim()) {
    return { id: earlier.id, url: earlier.url, action: 'unchanged' }
  }
  const text = withTopic({ body, topic })
  const { data } =
    earlier === undefined ?
      await api.rest.issues.createComment({ ...target, issue_number: number, body: text })
    : await api.rest.issues.updateComment({ ...target, comment_id: Number(earlier.id), body: text })
  const { id, url } = toComment(data)
  return { id, url, action: earlier === undefined ? 'created' : 'updated' }
}

export async function comments(context: HostContext, number: number): Promise<readonly Comment[]> {
  await read(context, number)
  const all: Comment[] = []
  for await (const { url: _url, ...found } of commentsOf(context, number)) all.push(found)
  return all
}

interface HostComment extends Comment {
  readonly url: string
}

async function findTopic(
  context: HostContext,
  number: number,
  topic: string,
): Promise<HostComment | undefined> {
  for await (const found of commentsOf(context, number)) if (found.topic === topic) return found
  return undefined
}

async function* commentsOf({ api, target }: HostContext, number: number): AsyncGenerator<HostComment, void> {
  const items = itemsOf(async (page): Promise<Page<unknown>> => {
    const request = { ...target, issue_number: number, per_page: pageSize, page }
    const { data, headers } = await api.rest.issues.listComments(request)
    return { items: data, more: hasNextPage(headers.link) }
  })
  for await (const data of items) yield toComment(data)
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
