import { formatRepositoryReference, gitErrors, redact } from '@lg/git'
import type { RefUpdate } from '@lg/git'
import { neverConnected, remoteError, remoteUnavailable, serverWords } from './remote-errors.ts'
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
export function mayHaveArrived(stdout: string): boolean {
  return parseReport(stdout).some(({ flag, summary }) => flag === '!' && lostAtServer.test(summary))
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
  // The refs that only followed another one's refusal say nothing.
  const line = refused.find(({ summary }) => !/atomic (?:push|transaction) fail/.test(summary)) ?? refused[0]
  if (line) return refusal(updates, failure, line)
  if (failure.output.status === 0 && report.length >= updates.length) return undefined
  const error = remoteError(failure)
  if (!gitErrors.is(error, 'REMOTE_UNAVAILABLE') && !gitErrors.is(error, 'GIT_FAILED')) return error
  if (neverConnected(failure.output.stderr)) return error
  return remoteUnavailable(failure.remote, true, error.message, error)
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

function refusal(updates: readonly RefUpdate[], failure: RemoteFailure, { ref, summary }: ReportLine): Error {
  const remote = formatRepositoryReference(failure.remote)
  const words = serverWords(redact(failure.output.stderr, failure.session.given))
  const raced = /\((?:stale info|fetch first|non-fast-forward|already exists|needs force)\)/.test(summary)
  if (raced || lostAtServer.test(summary)) {
    const expected = updates.find((update) => update.ref === ref)?.expected
    return gitErrors.create('REF_CHANGED', `${ref} of ${remote} has changed meanwhile: ${summary}`, {
      ref,
      expected: expected ?? null,
    })
  }
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
