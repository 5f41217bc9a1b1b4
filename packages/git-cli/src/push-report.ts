import { formatRepositoryReference, gitErrors, redact } from '@lg/git'
import type { RefUpdate } from '@lg/git'
import { damageError, neverConnected, remoteError, remoteUnavailable, serverWords } from './remote-errors.ts'
import type { RemoteFailure } from './remote-errors.ts'

/** One line of `git push --porcelain`. */
interface ReportLine {
  readonly flag: string
  readonly ref: string
  readonly summary: string
}

/**
 * The server itself found another value when it took the ref. That can be the pushed commit: over HTTP a request whose
 * connection broke is sent again, and then meets its own effect.
 */
export function mayHaveArrived(stdout: string, stderr: string): boolean {
  const refused = parseReport(stdout).filter(({ flag }) => flag === '!')
  return (
    refused.some(({ summary }) => lostAtServer.test(summary)) ||
    raceInTransaction(refused, stderr) !== undefined
  )
}

const lostAtServer =
  /\[remote rejected\] \((?:incorrect old value provided|cannot lock ref.*|failed to update ref|.*is at .* but expected .*|reference already exists)\)/

/** What went wrong with a push, from git's own report of each ref; `undefined` when all is well. */
export function pushFailure(
  updates: readonly RefUpdate[],
  failure: RemoteFailure,
  stdout: string,
): Error | undefined {
  const report = parseReport(stdout)
  const refused = report.filter(({ flag }) => flag === '!')
  const raced = raceInTransaction(refused, failure.output.stderr)
  if (raced !== undefined) return refChanged(updates, failure, raced)
  const damage = refused.length > 0 ? damageError(failure) : undefined
  if (damage) return damage
  // The refs that only followed another one's refusal say nothing.
  const line = refused.find(({ summary }) => !isFollower.test(summary)) ?? refused[0]
  if (line) return refusal(updates, failure, line)
  if (failure.output.status === 0 && report.length >= updates.length) return undefined
  const error = remoteError(failure)
  if (!gitErrors.is(error, 'REMOTE_UNAVAILABLE') && !gitErrors.is(error, 'GIT_FAILED')) return error
  if (neverConnected(failure.output.stderr)) return error
  return remoteUnavailable(failure.remote, true, error.message, error)
}

const isFollower = /atomic (?:push|transaction) fail/

/**
 * The ref that was moved by somebody else between the server's look at it and its transaction. Of such a transaction the
 * report of each ref only says that it failed; which ref it was is in the server's words.
 */
function raceInTransaction(refused: readonly ReportLine[], stderr: string): ReportLine | undefined {
  if (refused.length === 0 || !refused.every(({ summary }) => isFollower.test(summary))) return undefined
  const lock =
    /cannot lock ref '([^']+)': (?:is at .* but expected .*|reference already exists|unable to resolve reference.*)/
  const [summary = '', name] = lock.exec(stderr) ?? []
  return refused.flatMap((line) => (line.ref === name ? [{ ...line, summary }] : []))[0]
}

function refChanged(
  updates: readonly RefUpdate[],
  { remote }: RemoteFailure,
  { ref, summary }: ReportLine,
): Error {
  const expected = updates.find((update) => update.ref === ref)?.expected
  const shown = formatRepositoryReference(remote)
  return gitErrors.create('REF_CHANGED', `${ref} of ${shown} has changed meanwhile: ${summary}`, {
    ref,
    expected: expected ?? null,
  })
}

function parseReport(stdout: string): readonly ReportLine[] {
  return Array.from(
    stdout.matchAll(/^([ +\-*!=])\t[^\t]*:([^\t]*)\t(.*)$/gm),
    ([, flag = '', ref = '', summary = '']) => ({
      flag,
      ref,
      summary,
    }),
  )
}

function refusal(updates: readonly RefUpdate[], failure: RemoteFailure, line: ReportLine): Error {
  const { ref, summary } = line
  const remote = formatRepositoryReference(failure.remote)
  const words = serverWords(redact(failure.output.stderr, failure.session.given))
  const raced = /\((?:stale info|fetch first|non-fast-forward|already exists|needs force)\)/.test(summary)
  if (raced || lostAtServer.test(summary)) return refChanged(updates, failure, line)
  if (
    /remote end hung up|unexpected disconnect|remote failed to report status|unpacker error/.test(
      summary + words,
    )
  ) {
    if (!/unpacker error/.test(summary)) return remoteUnavailable(failure.remote, true, summary)
  }
  const why = /\((.*)\)$/.exec(summary)?.[1] ?? summary
  const reason = words === '' ? why : `${why}: ${words}`
  return gitErrors.create('PUSH_REJECTED', `${remote} refuses ${ref}: ${reason}`, { remote, ref, reason })
}
