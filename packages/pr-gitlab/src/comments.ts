import type { Comment, CommentResult, NewComment } from '@lg/pull-request'
import { readTopic, withTopic } from '@lg/pull-request/hosted'
import { readAnswer } from '@lg/pull-request/http'
import { listOf } from './api.ts'
import type { HostContext } from './host-context.ts'
import { escapeQuickActions, unescapeQuickActions } from './quick-actions.ts'
import { read } from './read.ts'

/** Adds a comment, or brings the one on the same topic up to date. */
export async function comment(
  context: HostContext,
  number: number,
  wanted: NewComment,
): Promise<CommentResult> {
  const { api, project } = context
  const { body, topic } = wanted
  const { url } = (await read(context, number)).pullRequest
  const earlier = topic === undefined ? undefined : await findTopic(context, number, topic)
  if (earlier !== undefined && earlier.body.trim() === body.trim()) {
    return { id: earlier.id, url: `${url}#note_${earlier.id}`, action: 'unchanged' }
  }
  const text = withTopic({ body: escapeQuickActions(body), topic })
  const data =
    earlier === undefined ?
      await api.notes.create(project, number, text)
    : await api.notes.edit(project, number, Number(earlier.id), { body: text })
  const { id } = toComment(data)
  return { id, url: `${url}#note_${id}`, action: earlier === undefined ? 'created' : 'updated' }
}

export async function comments(context: HostContext, number: number): Promise<readonly Comment[]> {
  await read(context, number)
  const all: Comment[] = []
  for await (const found of commentsOf(context, number)) all.push(found)
  return all
}

async function findTopic(context: HostContext, number: number, topic: string): Promise<Comment | undefined> {
  for await (const found of commentsOf(context, number)) if (found.topic === topic) return found
  return undefined
}

async function* commentsOf({ api, project }: HostContext, number: number): AsyncGenerator<Comment, void> {
  const oldestFirst = { sort: 'asc', orderBy: 'created_at' } as const
  const pages = listOf('comment', (page) => api.notes.all(project, number, { ...oldestFirst, ...page }))
  // What GitLab itself notes down stands among them.
  for await (const note of pages) if (note.value['system'] !== true) yield toComment(note.value)
}

function toComment(data: unknown): Comment {
  const found = readAnswer(data, 'comment')
  const author = found.optionalRecord('author')?.text('username')
  const { body, topic } = readTopic(found.text('body'))
  return {
    id: String(found.number('id')),
    body: unescapeQuickActions(body),
    ...(topic !== undefined && { topic }),
    ...(author !== undefined && { author }),
    createdAt: found.time('created_at'),
    updatedAt: found.time('updated_at'),
  }
}
