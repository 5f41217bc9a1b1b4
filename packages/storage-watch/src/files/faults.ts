import type { FileProblem } from '@lg/storage-raw'

/**
 * The problems that are worth an event: of a broken file its first fault, nothing of what may well be meant so, and no
 * duplicate while one of its files may be about to give the object up.
 */
export function faultsOf(
  problems: readonly FileProblem[],
  isWaitedFor: (path: string) => boolean,
): readonly FileProblem[] {
  const broken = new Set<string>()
  return problems.filter((problem) => {
    const { path } = problem.location
    switch (problem.type) {
      case 'noObject':
        return false
      case 'invalid':
        return !broken.has(path) && broken.add(path)
      case 'duplicate':
        return !isWaitedFor(path) && !isWaitedFor(problem.served.path)
      default:
        return true
    }
  })
}

/** The faults that were not there before. */
export function newFaults(
  before: readonly FileProblem[],
  after: readonly FileProblem[],
): readonly FileProblem[] {
  const seen = new Set(before.map(identify))
  return after.filter((fault) => !seen.has(identify(fault)))
}

const identify = ({ type, location, line, message }: FileProblem): string =>
  `${type} ${location.path} ${location.document} ${line} ${message}`
