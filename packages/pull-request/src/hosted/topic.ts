import { lastComment } from './last-comment.ts'

const opening = '<!-- lg topic='

/** A comment's text, and its topic when it has one. */
export interface TopicComment {
  readonly body: string
  readonly topic?: string | undefined
}

/** The topic stands behind the text, in a comment that the host does not show. */
export function withTopic({ body, topic }: TopicComment): string {
  // Two hyphens would end the comment for some readers of Markdown.
  return topic === undefined ? body : (
      `${body}\n\n${opening}${encodeURIComponent(topic).replaceAll('-', '%2D')} -->`
    )
}

/** Parts a comment's text from its topic. */
export function readTopic(text: string): TopicComment {
  const last = lastComment(text, opening)
  const encoded = last && /^\S+(?= -->$)/.exec(last.comment.slice(opening.length))?.[0]
  if (!last || encoded === undefined) return { body: text }
  try {
    return { body: last.before, topic: decodeURIComponent(encoded) }
  } catch {
    return { body: text }
  }
}
