import { isLgError, LgError } from '@lg/runtime'
import type { DocumentPlace } from './parsed-document.ts'

/** `cars/foo.yaml:12: `, `line 12: `, or nothing for a text that has neither a file nor a line of its own. */
function prefix({ path, line }: DocumentPlace): string {
  if (path !== undefined) return line === undefined ? `${path}: ` : `${path}:${line}: `
  return line === undefined || line === 1 ? '' : `line ${line}: `
}

/** The same error, with the place in its message. Errors of others come back as they are. */
export function atPlace(error: unknown, place: DocumentPlace): unknown {
  const where = prefix(place)
  if (!isLgError(error) || where === '') return error
  return new LgError(error.code, where + error.message, error.details, { cause: error })
}
