import { gitErrors } from '@lg/git'
import type { Git, GitRepository, OpenOptions } from '@lg/git'
import {
  checkAbsolute,
  checkCredentials,
  claimStore,
  isMade,
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
import type { OnGitCliStep } from './steps.ts'

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
      checkAbsolute(request.dir)
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
  const claim = await claimStore(request, { ...settings, prefix: 'lg-', engine: 'git' })
  let git: GitProcess | undefined
  const release = async (reason: Error): Promise<void> => {
    await git?.stop(reason)
    await claim.release()
  }
  try {
    const { folder, home, lock } = claim
    const usesSsh = credentials?.type === 'ssh' && remote !== undefined
    const ssh = usesSsh ? await setUpSsh(credentials, folder, settings) : undefined
    if (ssh) claim.atEnd(() => ssh.disconnect('now'))
    git = createGitProcess({ settings, dir, env: childEnvironment(settings.environment, home), lock })
    const format = foreign ? await formatOf(git, dir) : await prepareStore(git, request, settings.onStep)
    signal?.throwIfAborted()
    return createRepository({
      settings,
      engine,
      dir,
      git,
      format,
      remote,
      credentials,
      ssh,
      shared: foreign,
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
async function prepareStore(
  git: GitProcess,
  { dir, remote }: OpenOptions,
  onStep: OnGitCliStep | undefined,
): Promise<ObjectFormat> {
  await writeMark(dir, remote)
  onStep?.('store marked')
  await writeConfiguration(dir)
  onStep?.('store configured')
  await sweep(dir)
  onStep?.('store swept')
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
