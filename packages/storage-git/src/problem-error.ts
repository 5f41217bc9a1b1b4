import type { FileProblem } from '@lg/storage-raw'
import { storageGitErrors } from './errors.ts'

/** A file that cannot be served, as the error of an event. */
export function problemError(problem: FileProblem): Error {
  const { location, line, message } = problem
  return storageGitErrors.create('FILE_PROBLEM', `${location.path}:${line}: ${message}`, { problem })
}
