import type { Comment, CommentResult, NewComment } from '@lg/pull-request'
import { randomHex } from '@lg/runtime'
import type { CommentRecord } from './record.ts'
import { readCurrent, type RepositoryContext } from './repository-context.ts'
import { takeSnapshot } from './snapshot.ts'
import { writeRecord, type Decision } from './write.ts'

/** Adds a comment, or brings the one on the same topic up to date. */
export async function comment(
  context: RepositoryContext,
  number: number,
  { body, topic }: NewComment,
): Promise<CommentResult> {
  const { identity, random, place, call } = context
  const newId = randomHex(random, 8)
  return await writeRecord(
    context,
    place,
    async (snapshot, now): Promise<Decision<CommentResult>> => {
      const { record } = await readCurrent(context, snapshot, number)
      const earlier = topic === undefined ? undefined : record.comments.find((one) => one.topic === topic)
      if (earlier?.body === body) return { answer: { id: earlier.id, action: 'unchanged' } }
      const written: CommentRecord =
        earlier === undefined ?
          { id: newId, author: identity.name, body, topic, createdAt: now, updatedAt: now }
        : { ...earlier, body, updatedAt: now }
      const comments =
        earlier === undefined ?
          [...record.comments, written]
        : record.comments.map((one) => (one.id === earlier.id ? written : one))
      return {
        answer: { id: written.id, action: earlier === undefined ? 'created' : 'updated' },
        write: {
          record: { ...record, comments, updatedAt: now },
          previous: record,
          message: `Comment on pull request ${number}: ${record.title}`,
        },
      }
    },
    call,
  )
}

export async function listComments(context: RepositoryContext, number: number): Promise<readonly Comment[]> {
  const { record } = await readCurrent(context, await takeSnapshot(context.git, context.call), number)
  return record.comments.map(({ id, author, body, topic, createdAt, updatedAt }) => ({
    id,
    author,
    body,
    ...(topic !== undefined && { topic }),
    createdAt: Date.parse(createdAt),
    updatedAt: Date.parse(updatedAt),
  }))
}
