import { lastComment } from './last-comment.ts'

/**
 * Fingerprints of what `createPullRequest` last set. They stand in the description, in a comment that the host does not
 * show: a field that differs from its fingerprint was changed by somebody else.
 */
export interface Proposed {
  readonly title: string
  readonly description: string
  readonly draft: string
  readonly milestone: string
}

export interface MarkedDescription {
  /** Without the marker. */
  readonly description: string
  /** `undefined` when `createPullRequest` did not make the pull request, or somebody took the marker away. */
  readonly proposed: Proposed | undefined
}

const opening = '<!-- lg title='
const marker =
  /^<!-- lg title=([0-9a-f]{16}) description=([0-9a-f]{16}) draft=([0-9a-f]{16}) milestone=([0-9a-f]{16}) -->$/

/** Characters that the marker takes from a host's limit of the description. */
export const markerLength: number =
  markedDescription({
    description: '',
    proposed: { title: zeros(), description: zeros(), draft: zeros(), milestone: zeros() },
  }).length + 2

/** What is to be sent as the description. */
export function markedDescription({ description, proposed }: MarkedDescription): string {
  if (proposed === undefined) return description
  const { title, description: text, draft, milestone } = proposed
  const comment = `${opening}${title} description=${text} draft=${draft} milestone=${milestone} -->`
  return description === '' ? comment : `${description}\n\n${comment}`
}

/** Parts what people wrote from the marker. */
export function readDescription(body: string): MarkedDescription {
  const last = lastComment(body, opening)
  const match = last && marker.exec(last.comment)
  if (!last || !match) return { description: body, proposed: undefined }
  const [, title = '', description = '', draft = '', milestone = ''] = match
  return { description: last.before, proposed: { title, description, draft, milestone } }
}

/** Hosts trim text, and editors change the ends of lines; neither makes it another text. */
export async function fingerprint(value: string | boolean | undefined): Promise<string> {
  const text = typeof value === 'string' ? `=${value.replace(/\r\n?/g, '\n').trim()}` : String(value)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function zeros(): string {
  return '0'.repeat(16)
}
