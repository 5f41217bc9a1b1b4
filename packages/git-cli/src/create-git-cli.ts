import { mkdir } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { gitErrors } from '@lg/git'
import type { Git, GitRepository, OpenOptions } from '@lg/git'
import {
  checkCredentials,
  checkOurs,
  claimsFolder,
  createTemporaryFolder,
  isMade,
  lockDirectory,
  sha1,
  sha256,
  sweep,
  writeConfiguration,
  writeMark,
} from '@lg/git/node'
import type { ObjectFormat } from '@lg/git/node'
import { childEnvironment } from './environment.ts'
import { formerRefs } from './gc.ts'
import { findVersion } from './git-version.ts'
import { createGitProcess } from './git-process.ts'
import type { GitProcess } from './git-process.ts'
import { checkNetwork } from './network.ts'
import { settingsOf } from './options.ts'
import type { GitCliOptions, Settings } from './options.ts'
import { createRepository } from './repository.ts'
import { setUpSsh } from './ssh-setup.ts'

/**
 * The Git port on the system's `git`, 2.39 or newer, on Linux and macOS.
 *
 * Reads go through one long-lived `git cat-file`, commits are written without a checkout, and no call depends on the
 * user's or the system's configuration, on hooks, or on a terminal. No argument list and no environment ever holds a
 * secret: git and ssh ask for it over a socket in a private folder, and get it for the configured repository only.
 *
 * Does nothing before the first `open`.
 *
 * @example
 * ```ts
 * const git = createGitCli()
 * const repository = await git.open({
 *   dir: '/var/lib/cars.git',
 *   remote: parseRepositoryReference('https://git.example.org/lg/cars.git'),
 *   credentials: createHttpsCredentials({ password: () => readToken() }),
 * })
 * await repository.fetch()
 * ```
 */
export function createGitCli(options: GitCliOptions = {}): Git {
  const settings = settingsOf(options)
  let version: Promise<string> | undefined
  let name = 'git'
  return {
    get name() {
      return name
    },
    capabilities: {
      pushExpected: true,
      pushAtomic: true,
      shallow: true,
      partial: true,
      gc: true,
      merge: true,
    },
    async open(request) {
      request.signal?.throwIfAborted()
      if (!isAbsolute(request.dir)) {
        const reason = 'the path is not absolute'
        throw gitErrors.create('DIRECTORY_NOT_OURS', `${request.dir} cannot be used: ${reason}`, {
          dir: request.dir,
          reason,
        })
      }
      checkCredentials(request.remote, request.credentials)
      if (request.filter !== undefined && (request.foreign || !request.remote)) {
        throw gitErrors.create(
          'UNSUPPORTED',
          `${request.dir} cannot be partial: it is no store of a remote`,
          {
            engine: name,
            feature: 'filter',
          },
        )
      }
      await checkNetwork(settings.network)
      version ??= findVersion(settings).catch((error: unknown) => {
        version = undefined
        throw error
      })
      name = `git ${await version}`
      return openRepository(settings, name, request)
    },
  }
}

async function openRepository(
  defaults: Settings,
  engine: string,
  request: OpenOptions,
): Promise<GitRepository> {
  const { dir, remote, credentials, foreign = false, filter, timeout, signal } = request
  const { timeouts } = defaults
  const settings: Settings =
    timeout === undefined ? defaults : (
      { ...defaults, timeouts: { ...timeouts, local: timeout, remote: timeout } }
    )
  if (!foreign) await checkOurs(dir, remote)
  const held: (() => Promise<unknown>)[] = []
  let git: GitProcess | undefined
  /** Gives back what was taken, the last first. */
  const release = async (reason: Error): Promise<void> => {
    await git?.stop(reason)
    for (const giveBack of held.toReversed()) await giveBack()
  }
  try {
    const lock = foreign ? undefined : await lockDirectory(dir, claimsFolder(dir), settings)
    if (lock) held.push(() => lock.release())
    const { path: folder, remove } = await createTemporaryFolder({
      parent: settings.tempDir,
      prefix: 'lg-',
      engine: 'git',
    })
    held.push(remove)
    const home = join(folder, 'home')
    await mkdir(home)
    const usesSsh = credentials?.type === 'ssh' && remote !== undefined
    const ssh = usesSsh ? await setUpSsh(credentials, folder, settings) : undefined
    if (ssh) held.push(() => ssh.disconnect('now'))
    git = createGitProcess({
      settings,
      dir,
      env: childEnvironment(settings.environment, home),
      lock: lock?.fd,
    })
    const format = foreign ? await formatOf(git, dir) : await prepareStore(git, request)
    signal?.throwIfAborted()
    const shared = foreign
    return createRepository({
      settings,
      engine,
      dir,
      git,
      format,
      remote,
      credentials,
      ssh,
      shared,
      folder,
      partial: filter !== undefined,
      release,
    })
  } catch (error) {
    await release(error as Error)
    throw error
  }
}

/** Creates the store if it is not there, and brings an existing one into the state that all else counts on. */
async function prepareStore(git: GitProcess, { dir, remote }: OpenOptions): Promise<ObjectFormat> {
  await writeMark(dir, remote)
  await writeConfiguration(dir)
  await sweep(dir)
  if (!(await isMade(dir))) {
    await git.succeed({
      operation: 'init',
      args: ['init', '--bare', '--quiet', '--template=', '--initial-branch=main'],
    })
    await writeConfiguration(dir)
  }
  await dropTransactionRefs(git)
  return sha1
}

/** Branches of transactions that nobody will finish, and what was kept for readers that are gone. */
async function dropTransactionRefs(git: GitProcess): Promise<void> {
  const list = ['for-each-ref', '--format=delete %(refname)', 'refs/lg/tx/', formerRefs]
  const { stdout } = await git.succeed({ operation: 'for-each-ref', args: list })
  if (stdout !== '')
    await git.succeed({ operation: 'update-ref', args: ['update-ref', '--stdin'], input: stdout })
}

async function formatOf(git: GitProcess, dir: string): Promise<ObjectFormat> {
  const output = await git.run({
    operation: 'rev-parse',
    args: ['rev-parse', '--is-bare-repository', '--show-object-format'],
  })
  const [bare, format] = output.stdout.trim().split('\n')
  if (output.status !== 0 || bare !== 'true') {
    const reason = 'it is not a bare repository'
    throw gitErrors.create('DIRECTORY_NOT_OURS', `${dir} cannot be used: ${reason}`, { dir, reason })
  }
  return format === 'sha256' ? sha256 : sha1
}
