import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkRefName, formatRepositoryReference, gitErrors, isOid, parseRefspec } from '@lg/git'
import type { Credentials, FetchOptions, GitRemote, Oid, RefUpdate, Refspec, RepositoryReference } from '@lg/git'
import { openCredentialSession } from './credential-session.ts'
import type { CredentialSession } from './credential-session.ts'
import { parseProgress } from './fetch-progress.ts'
import type { GitCommand, GitOutput, GitProcess } from './git-process.ts'
import type { ObjectReader } from './object-reader.ts'
import type { Settings } from './options.ts'
import type { KnownRefs } from './refs.ts'
import { mayHaveArrived, pushFailure } from './push-report.ts'
import { createQueue } from './queue.ts'
import { remoteError, remoteUnavailable } from './remote-errors.ts'
import type { SshSetup } from './ssh-setup.ts'
import { notFound } from './trees.ts'

export interface RemoteOptions {
  readonly git: GitProcess
  readonly reader: ObjectReader
  readonly refs: KnownRefs
  readonly settings: Settings
  readonly remote: RepositoryReference
  readonly credentials: Credentials | undefined
  readonly ssh: SshSetup | undefined
  readonly folder: string
}

const everyBranch = '+refs/heads/*:refs/remotes/origin/*'

export function createRemote(options: RemoteOptions): GitRemote {
  const { git, reader, refs, settings, remote, credentials, folder } = options
  const url = engineUrl(remote, credentials)
  let operations = 0

  /** Runs with credentials; a secret that can be asked for anew is, once, when the remote refuses it. */
  const run = async (
    command: GitCommand,
    judge: (output: GitOutput, session: CredentialSession) => Error | undefined,
  ): Promise<GitOutput> => {
    for (let last = !isRenewable(credentials); ; last = true) {
      const session = await openCredentialSession({
        ...options,
        program: settings.git,
        id: `ask${operations++}`,
        signal: command.signal,
      })
      try {
        const output = await git.run({
          ...command,
          timeout: settings.timeouts.remote,
          env: session.env,
          config: [...connectionConfiguration(settings), ...session.config, ...(command.config ?? [])],
        })
        const error = judge(output, session)
        if (error === undefined) return output
        if (last || session.given.length === 0 || !isRefusal(error)) throw error
      } finally {
        await session.close()
      }
    }
  }

  const expectSuccess =
    (operation: string) =>
    (output: GitOutput, session: CredentialSession): Error | undefined =>
      output.status === 0 ? undefined : remoteError({ operation, output, remote, credentials, session })

  const fetchRefs = async (fetch: FetchOptions, refspecs: readonly string[]): Promise<GitOutput> => {
    const { prune = fetch.refspecs === undefined, depth, signal, onProgress } = fetch
    const args = [
      'fetch',
      '--force',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
      '--no-recurse-submodules',
      '--no-show-forced-updates',
      '--update-head-ok',
      prune ? '--prune' : '--no-prune',
      ...(onProgress ? ['--progress'] : []),
      ...(depth === undefined ? [] : [`--depth=${depth}`]),
      '--end-of-options',
      url,
      ...refspecs,
    ]
    const onStderr = onProgress && parseProgress(onProgress)
    return run({ operation: 'fetch', args, signal, onStderr }, expectSuccess('fetch'))
  }

  /** The branch that the remote's HEAD names but that has no commit yet: only a clone is told of it. */
  const unbornHead = async (signal: AbortSignal | undefined): Promise<string | undefined> => {
    const target = join(folder, `clone${operations++}`)
    const options = ['--bare', '--quiet', '--template=', '--depth=1', '--single-branch', '--no-tags']
    const args = ['clone', ...options, '--end-of-options', fileUrl(remote) ?? url, target]
    try {
      await run({ operation: 'clone', args, signal, elsewhere: true }, expectSuccess('clone'))
      return /^ref: refs\/heads\/(.+)$/m.exec(await readFile(join(target, 'HEAD'), 'utf8'))?.[1]
    } finally {
      await rm(target, { recursive: true, force: true })
    }
  }

  const inTurn = createQueue()

  const remoteRefs: GitRemote['remoteRefs'] = async ({ prefixes = [], signal } = {}) => {
    const args = ['ls-remote', '--symref', '--end-of-options', url, ...patternsOf(prefixes)]
    const { stdout } = await run({ operation: 'ls-remote', args, signal }, expectSuccess('ls-remote'))
    const { head, refs: found } = parseRemoteRefs(stdout, prefixes)
    const named = head ?? (/\tHEAD$/m.test(stdout) ? undefined : await unbornHead(signal))
    return { ...(named !== undefined && { head: named }), refs: found }
  }

  const hasArrived = async (updates: readonly RefUpdate[], signal: AbortSignal | undefined): Promise<boolean> => {
    const prefixes = updates.map(({ ref }) => ref)
    const { refs: found } = await remoteRefs({ prefixes, signal }).catch((error: unknown) => {
      if (signal?.aborted) throw error
      throw remoteUnavailable(remote, true, 'it could not be asked whether the push arrived', error)
    })
    return updates.every(({ ref, target }) => (found.get(ref) ?? null) === target)
  }

  return {
    remoteRefs,
    // One at a time: two would fight for the same refs.
    fetch: (fetch = {}) =>
      inTurn(fetch.signal, async () => {
        const { signal, refspecs = [everyBranch] } = fetch
        const specs = refspecs.map(parseRefspec)
        const start = refs.updates()
        const before = refs.known() ?? (await refs.listRefs('refs/', { signal }))
        if (!reportsUpdate(await fetchRefs(fetch, refspecs))) {
          refs.remember(before, start)
          return { changed: [] }
        }
        const since = refs.updates()
        const after = await refs.listRefs('refs/', { signal })
        refs.remember(after, since)
        return { changed: changedRefs(before, after).filter(({ ref }) => isFetched(ref, specs)) }
      }),
    async push(updates, { signal } = {}) {
      for (const update of updates) checkUpdate(update)
      if (updates.length === 0) return
      await checkTargets(reader, updates, signal)
      const args = [
        'push',
        '--porcelain',
        '--no-verify',
        '--no-follow-tags',
        '--no-signed',
        '--recurse-submodules=no',
        ...(updates.length > 1 ? ['--atomic'] : []),
        ...updates.flatMap(leaseOf),
        '--end-of-options',
        url,
        ...updates.map(({ ref, target }) => `${target ?? ''}:${ref}`),
      ]
      let doubtful = false
      try {
        await run({ operation: 'push', args, signal }, (output, session) => {
          doubtful = mayHaveArrived(output.stdout)
          return pushFailure(updates, { operation: 'push', output, remote, credentials, session }, output.stdout)
        })
      } catch (error) {
        if (doubtful && (await hasArrived(updates, signal))) return
        if (!gitErrors.is(error, 'TIMEOUT')) throw error
        throw remoteUnavailable(remote, true, error.message, error)
      }
    },
  }
}

/** Every call is refused: the store follows no remote. */
export function noRemote(engine: string): GitRemote {
  const refuse = async (): Promise<never> => {
    throw gitErrors.create('UNSUPPORTED', 'This repository was opened without a remote', { engine, feature: 'remote' })
  }
  return { remoteRefs: refuse, fetch: refuse, push: refuse }
}

function engineUrl(remote: RepositoryReference, credentials: Credentials | undefined): string {
  const { transport, url, user } = remote
  if (transport === 'file') return remote.path
  if (transport !== 'ssh') return url
  const wanted = (credentials?.type === 'ssh' ? credentials.user : undefined) ?? user ?? 'git'
  if (wanted === user) return url
  const bare = user === undefined ? url : url.replace(`${user}@`, '')
  return bare.replace(/^(ssh:\/\/|\[(?=[^[\]]*:[0-9]+\]:)|)/, `$1${wanted}@`)
}

function connectionConfiguration({ timeouts }: Settings): readonly string[] {
  const seconds = Math.max(1, Math.ceil(timeouts.connect / 1000))
  return ['http.lowSpeedLimit=1', `http.lowSpeedTime=${seconds}`]
}

function isRenewable(credentials: Credentials | undefined): boolean {
  if (credentials?.type === 'https') return typeof credentials.password === 'function'
  return credentials?.key.type === 'file' && typeof credentials.key.passphrase === 'function'
}

function isRefusal(error: Error): boolean {
  return gitErrors.is(error, 'AUTHENTICATION_FAILED') || gitErrors.is(error, 'INVALID_CREDENTIALS')
}

function patternsOf(prefixes: readonly string[]): readonly string[] {
  // A pattern matches whole parts of a name; "HEAD" is asked for along, for the branch that it names.
  if (prefixes.length === 0) return []
  return ['HEAD', ...prefixes.map((prefix) => `${prefix}*`)]
}

function parseRemoteRefs(
  stdout: string,
  prefixes: readonly string[],
): { readonly head?: string; readonly refs: ReadonlyMap<string, Oid> } {
  const refs = new Map<string, Oid>()
  let head: string | undefined
  for (const line of stdout.split('\n')) {
    const [value = '', ref = ''] = line.split('\t')
    const target = /^ref: refs\/heads\/(.+)$/.exec(value)?.[1]
    if (target !== undefined && ref === 'HEAD') head = target
    const wanted = prefixes.length === 0 || prefixes.some((prefix) => ref.startsWith(prefix))
    if (isOid(value) && ref.startsWith('refs/') && !ref.endsWith('^{}') && wanted) refs.set(ref, value)
  }
  return { ...(head !== undefined && { head }), refs }
}

/** git tells of each ref that it changed, and says nothing else in this form: ` * [new branch]  main -> origin/main`. */
function reportsUpdate({ stderr }: GitOutput): boolean {
  return /^ [-+*t!= ] .* -> /m.test(stderr)
}

/** Whether a fetch may have moved the ref: a destination, or a tag that came along. */
function isFetched(ref: string, specs: readonly Refspec[]): boolean {
  if (ref.startsWith('refs/tags/')) return true
  return specs.some(({ destination }) => {
    const [before = '', after] = destination.split('*')
    return after === undefined ? ref === destination : ref.startsWith(before) && ref.endsWith(after)
  })
}

function changedRefs(
  before: ReadonlyMap<string, Oid>,
  after: ReadonlyMap<string, Oid>,
): readonly { readonly ref: string; readonly before: Oid | null; readonly after: Oid | null }[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return Array.from(names)
    .sort()
    .map((ref) => ({ ref, before: before.get(ref) ?? null, after: after.get(ref) ?? null }))
    .filter((change) => change.before !== change.after)
}

function checkUpdate({ ref, target, expected }: RefUpdate): void {
  checkRefName(ref)
  for (const oid of [target, expected]) if (typeof oid === 'string' && !isOid(oid)) throw notFound(oid, 'object')
}

function leaseOf({ ref, expected }: RefUpdate): readonly string[] {
  return expected === undefined ? [] : [`--force-with-lease=${ref}:${expected ?? ''}`]
}

/** git itself would call the push refused by the remote. */
async function checkTargets(
  reader: ObjectReader,
  updates: readonly RefUpdate[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const targets = updates.flatMap(({ target }) => (target === null ? [] : [target]))
  const replies = await Promise.all(targets.map((target) => reader.info(target, signal)))
  const missing = targets.find((_, index) => replies[index]?.type !== 'object')
  if (missing !== undefined) throw notFound(missing, 'object')
}

/** A clone by path would copy files instead of asking. */
function fileUrl({ transport, url }: RepositoryReference): string | undefined {
  return transport === 'file' ? url : undefined
}

/** A password goes over an unencrypted connection only to this machine, or where the caller says so. */
export function checkCredentials(remote: RepositoryReference | undefined, credentials: Credentials | undefined): void {
  if (!remote || !credentials) return
  const shown = formatRepositoryReference(remote)
  const invalid = (reason: string): Error =>
    gitErrors.create('INVALID_CREDENTIALS', `${shown}: ${reason}`, { reason })
  const kind = remote.transport === 'http' ? 'https' : remote.transport
  if (kind !== credentials.type) throw invalid(`credentials for ${credentials.type} cannot be used over ${remote.transport}`)
  if (credentials.type === 'https' && remote.transport === 'http' && !credentials.insecureHttp && !isLoopback(remote.host)) {
    throw invalid('the password would be sent unencrypted; use https, or set `insecureHttp`')
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
