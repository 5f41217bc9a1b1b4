import { formatRepositoryReference, gitErrors } from '@lg/git'
import type { RepositoryReference } from '@lg/git'
import { EngineFailure } from './engine.ts'

/** For `catch`: what libgit2 says about a step on this machine, as a coded error. */
export function localFailure(operation: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof EngineFailure)) throw error
    throw gitErrors.create(
      'GIT_FAILED',
      `libgit2 cannot ${operation}: ${error.message}`,
      { operation, output: error.message },
      { cause: error },
    )
  }
}

const unsure = ' It is not known whether the push arrived; push the same commits again to settle it.'

export function remoteUnavailable(
  remote: RepositoryReference,
  sent: boolean,
  reason: string,
  cause?: unknown,
): Error {
  const shown = formatRepositoryReference(remote)
  return gitErrors.create(
    'REMOTE_UNAVAILABLE',
    `${shown} does not answer: ${reason.replace(/\.$/, '')}.${sent ? unsure : ''}`,
    { remote: shown, sent },
    { cause },
  )
}

/** The coded error for what libgit2, or the server through it, said. */
export function remoteFailure(remote: RepositoryReference, operation: string, failure: EngineFailure): Error {
  const shown = formatRepositoryReference(remote)
  const { message, code, sent } = failure
  const details = { remote: shown }
  const options = { cause: failure }
  const words = message.trim()
  if (/unexpected redirect|redirect without location|too many redirects/.test(message)) {
    const text = `${shown} redirects to another place, where credentials are not sent. Use the address that it moved to.`
    return gitErrors.create('REDIRECTED', text, details, options)
  }
  if (/Permission to .* denied|status code: 403|not owned by current user/i.test(message)) {
    const text = `${shown} does not allow this ${operation}: ${words}`
    return gitErrors.create('PERMISSION_DENIED', text, details, options)
  }
  if (isMissing(remote, failure)) {
    const text = `No repository at ${shown}, or these credentials may not see it. It says: ${words}`
    return gitErrors.create('REPOSITORY_NOT_FOUND', text, details, options)
  }
  if (code === authentication || /authentication|status code: 401/i.test(message)) {
    const text = `${shown} does not accept these credentials: ${words}`
    return gitErrors.create('AUTHENTICATION_FAILED', text, details, options)
  }
  if (remote.transport !== 'file') return remoteUnavailable(remote, sent, words, failure)
  const text = `${operation} of ${shown} failed: ${words}`
  return gitErrors.create('GIT_FAILED', text, { operation, output: words }, options)
}

const authentication = -16

/** git-shell, GitHub, GitLab, Gitea and Azure DevOps, each in its own words. */
const missingWords =
  /status code: (?:404|410)|does not appear to be a git repository|(?:not|is this) a git repository|(?:repository|project).* (?:not found|could not be found|does not exist)|(?:no|no such|unknown|cannot find) repository|TF401019/i

function isMissing({ transport }: RepositoryReference, { message }: EngineFailure): boolean {
  if (transport !== 'file') return missingWords.test(message)
  return /failed to resolve path|could not find repository|unsupported URL protocol/i.test(message)
}
