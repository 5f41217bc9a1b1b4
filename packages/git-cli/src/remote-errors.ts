import { formatRepositoryReference, gitErrors, redact } from '@lg/git'
import type { Credentials, RepositoryReference } from '@lg/git'
import type { CredentialSession } from './credential-session.ts'
import { damagedObject, objectCorrupt, withoutServerWords } from './damage.ts'
import { gitFailed } from './git-process.ts'
import type { GitFailure } from './git-process.ts'

/** What is known about a failed talk with the remote. */
export interface RemoteFailure {
  readonly operation: string
  readonly output: GitFailure
  readonly remote: RepositoryReference
  readonly credentials: Credentials | undefined
  readonly session: Pick<CredentialSession, 'given' | 'trouble' | 'passphrases'>
}

/**
 * The coded error for what git, ssh and the server said. Only lines of git and ssh themselves decide, except where
 * hosts answer in words alone; `LC_ALL=C` keeps those lines stable.
 */
export function remoteError(failure: RemoteFailure): Error {
  const { operation, output, remote, session } = failure
  const trouble = session.trouble()
  if (trouble !== undefined) return trouble as Error
  const stderr = redact(output.stderr, session.given)
  const own = withoutServerWords(stderr)
  return (
    hostKeyError(failure, own) ??
    keyError(failure, own) ??
    accessError(failure, own) ??
    damageError(failure) ??
    connectionError(failure, own) ??
    gitFailed(`${operation} of ${formatRepositoryReference(remote)}`, { ...output, stderr })
  )
}

/** True when git never came to talk to the other side, so that a push cannot have arrived. */
export function neverConnected(stderr: string): boolean {
  return /Could not resolve|Connection refused|Failed to connect|Couldn't connect|No route to host|Network is unreachable|Connection timed out|Host key verification failed|Permission denied \(|Authentication failed|could not read (?:Username|Password)|does not appear to be a git repository|repository '.*' not found|SSL|certificate|returned error: 30[12378]/i.test(
    stderr,
  )
}

function hostKeyError({ remote, credentials }: RemoteFailure, stderr: string): Error | undefined {
  if (!/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr)) return undefined
  const shown = formatRepositoryReference(remote)
  const knownHosts = credentials?.type === 'ssh' ? credentials.knownHosts : ''
  const details = { remote: shown, knownHosts }
  const host = remote.port === undefined ? remote.host : `[${remote.host}]:${remote.port}`
  const fingerprint = /SHA256:[A-Za-z0-9+/=]+/.exec(stderr)?.[0]
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr)) {
    const line = /Offending .* key in .*:([0-9]+)/.exec(stderr)?.[1]
    return gitErrors.create(
      'HOST_KEY_CHANGED',
      `${host} shows another host key${fingerprint ? ` (${fingerprint})` : ''} than ` +
        `${line ? `line ${line} of ` : ''}${knownHosts} says. Somebody may be posing as the host. ` +
        'If the change is announced, replace that line.',
      { ...details, ...(line !== undefined && { line: Number(line) }) },
    )
  }
  const port = remote.port === undefined ? '' : `-p ${remote.port} `
  return gitErrors.create(
    'HOST_KEY_UNKNOWN',
    `${knownHosts} has no key of ${host}. Compare the fingerprint with the one that the host publishes, then add ` +
      `the line that \`ssh-keyscan ${port}${remote.host}\` prints.`,
    details,
  )
}

function keyError({ credentials, remote, session }: RemoteFailure, stderr: string): Error | undefined {
  if (credentials?.type !== 'ssh' || credentials.key.type !== 'file') return undefined
  const { path, passphrase } = credentials.key
  const invalid = (reason: string): Error =>
    gitErrors.create('INVALID_CREDENTIALS', `SSH cannot log in at ${remote.host} with ${path}: ${reason}`, {
      reason,
      file: path,
    })
  if (/UNPROTECTED PRIVATE KEY FILE/.test(stderr)) return invalid('others may read it; ssh wants mode 0600')
  if (/Load key .*: (?:Permission denied|No such file)/i.test(stderr))
    return invalid('the file cannot be read')
  if (/Load key .*: (?:error in libcrypto|invalid format)/i.test(stderr))
    return invalid('it is not a private key')
  const passphrases = session.passphrases()
  if (passphrases > 0 && passphrase === undefined)
    return invalid('the key has a passphrase, and none is given')
  if (passphrases > 1 || /incorrect passphrase/.test(stderr)) return invalid('the passphrase is wrong')
  return undefined
}

function accessError(
  { remote, operation, output, session }: RemoteFailure,
  stderr: string,
): Error | undefined {
  const shown = formatRepositoryReference(remote)
  const details = { remote: shown }
  const words = serverWords(redact(output.stderr, session.given))
  const said = words === '' ? '' : ` It says: ${words}`
  const create = (
    code: 'AUTHENTICATION_FAILED' | 'PERMISSION_DENIED' | 'REPOSITORY_NOT_FOUND',
    text: string,
  ): Error => gitErrors.create(code, `${text}.${said}`, details)
  if (/returned error: 30[12378]|unable to update url base from redirection/i.test(stderr)) {
    return gitErrors.create(
      'REDIRECTED',
      `${shown} redirects to another place, where credentials are not sent. Use the address that it moved to.`,
      details,
    )
  }
  if (
    /Permission to .* denied|ERROR: .*(?:access denied|not allowed|read.only|write access)/i.test(
      `${stderr}\n${words}`,
    )
  ) {
    return create('PERMISSION_DENIED', `${shown} does not allow this ${operation}`)
  }
  if (/returned error: 407|response 407|HTTP code 407/i.test(stderr)) {
    return create('AUTHENTICATION_FAILED', `The proxy on the way to ${shown} does not accept its credentials`)
  }
  if (/Authentication failed|could not read (?:Username|Password)|returned error: 401/i.test(stderr)) {
    return create('AUTHENTICATION_FAILED', `${shown} does not accept these credentials`)
  }
  if (
    /^(?:\S+: )?Permission denied \(|Too many authentication failures|No supported authentication/m.test(
      stderr,
    )
  ) {
    return create('AUTHENTICATION_FAILED', `${shown} does not accept this SSH key`)
  }
  if (/returned error: 403|dubious ownership/i.test(stderr)) {
    return create('PERMISSION_DENIED', `${shown} does not allow this ${operation}`)
  }
  if (
    /repository '.*' not found|returned error: (?:404|410)|does not appear to be a git repository|(?:not|is this) a git repository/i.test(
      stderr,
    ) ||
    missingWords.test(`${stderr}\n${words}`)
  ) {
    return create('REPOSITORY_NOT_FOUND', `No repository at ${shown}, or these credentials may not see it`)
  }
  const ref = /couldn't find remote ref (\S+)/.exec(stderr)?.[1]
  if (ref !== undefined) return gitErrors.create('REF_NOT_FOUND', `${shown} has no ${ref}`, { ref })
  return undefined
}

/** Only where git names an object of its own: a pack that was cut off on its way says much the same. */
export function damageError({ output }: Pick<RemoteFailure, 'output'>): Error | undefined {
  const oid = damagedObject(output.stderr)
  return oid === undefined ? undefined : objectCorrupt(output.dir, oid)
}

/** git-shell, GitHub, GitLab, Gitea and Azure DevOps, each in its own words. */
const missingWords =
  /(?:repository|project).* (?:not found|could not be found|does not exist)|(?:no|no such|unknown|cannot find) repository|TF401019/i

const connection =
  /unable to access|Could not resolve|Connection |Failed to connect|Couldn't connect|No route to host|Network is unreachable|hung up|early EOF|RPC failed|unexpected disconnect|Could not read from remote repository|SSL|certificate|kex_exchange_identification|Broken pipe|returned error: (?:408|429|5\d\d)|bytes of (?:body|length)|protocol error|bad line length|unable to rewind|invalid index-pack output|transfer closed|client_loop|the receiving end does not|expected flush|bad pack|inflate|pack has bad/i

function connectionError({ remote }: RemoteFailure, stderr: string): Error | undefined {
  if (!connection.test(stderr)) return undefined
  const lines = stderr
    .split('\n')
    .filter((line) => /\S/.test(line) && !/^(?:Please make sure|and the repository exists)/.test(line))
  return remoteUnavailable(remote, false, lines.slice(-3).join('; '))
}

export function remoteUnavailable(
  remote: RepositoryReference,
  sent: boolean,
  reason: string,
  cause?: unknown,
): Error {
  const shown = formatRepositoryReference(remote)
  const unsure =
    sent ? ' It is not known whether the push arrived; push the same commits again to settle it.' : ''
  return gitErrors.create(
    'REMOTE_UNAVAILABLE',
    `${shown} does not answer: ${reason.replace(/\.$/, '')}.${unsure}`,
    { remote: shown, sent },
    {
      cause,
    },
  )
}

/** What the server said for people to read. */
export function serverWords(stderr: string): string {
  const lines = Array.from(stderr.matchAll(/^(?:remote: |(?=ERROR: ))(.*?)\s*$/gm), ([, line = '']) => line)
  return lines
    .filter(
      (line) => !/^(?:(?:Counting|Compressing|Enumerating|Resolving|Processing) |Total \d|=*$)/.test(line),
    )
    .join('\n')
    .trim()
}
