import { storageGitErrors } from './errors.ts'
import type { CommitDetails } from './transaction-result.ts'

/**
 * The message of a commit: title, blank line, description, blank line, trailers, as `git interpret-trailers`
 * reads them.
 *
 * @throws {LgError} `INVALID_DECISION` when the title is empty or has several lines, or a trailer is malformed.
 */
export function formatCommitMessage({ title, description = '', trailers = {} }: CommitDetails): string {
  if (typeof title !== 'string') throw invalid('title', 'is not a text')
  const subject = title.trim()
  if (subject === '') throw invalid('title', 'is empty')
  if (/[\r\n\0]/.test(subject)) throw invalid('title', 'has more than one line')
  if (description.includes('\0')) throw invalid('description', 'holds a NUL character')
  const lines = Object.entries(trailers).flatMap(([token, values]) =>
    [values].flat().map((value) => formatTrailer(token, value)),
  )
  const paragraphs = [subject, description.replaceAll('\r\n', '\n').trim(), lines.join('\n')]
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n') + '\n'
}

function formatTrailer(token: string, value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(token))
    throw invalid('trailers', `"${token}" is not a trailer's name`)
  if (/[\r\n\0]/.test(value) || value.trim() === '')
    throw invalid('trailers', `${token} must be one filled line`)
  return `${token}: ${value.trim()}`
}

const invalid = (field: string, reason: string): Error =>
  storageGitErrors.create('INVALID_DECISION', `The transaction cannot be committed: ${field} ${reason}`, {
    field,
    reason,
  })
