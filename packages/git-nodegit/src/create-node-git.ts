import { access } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Git, GitRepository, OpenOptions } from '@lg/git'
import {
  checkAbsolute,
  checkCredentials,
  claimStore,
  findSshFiles,
  isMade,
  makeStore,
  sweep,
  writeConfiguration,
  writeMark,
} from '@lg/git/node'
import { createEngine } from './engine.ts'
import type { Engine } from './engine.ts'
import { engineEnvironment } from './environment.ts'
import { engine as engineName, findModule, unsupported } from './find-module.ts'
import { settingsOf } from './options.ts'
import type { NodeGitOptions, Settings } from './options.ts'
import { createRepository } from './repository.ts'

/**
 * The Git port on libgit2 1.9, through `nodegit@0.28.0-alpha.36`, on Linux and macOS; no `git` or `ssh` program is
 * needed. Opt-in: nodegit has to be compiled, and is a peer dependency that ordinary installs leave out.
 *
 * libgit2 runs in a process of its own for each open repository, so that nothing of the user's configuration has a
 * say, a call that waits for a dead connection can be ended, and a crash of native code is an error like another.
 * Secrets go to that process over a pipe when libgit2 asks for them, and into its memory only.
 *
 * Does nothing before the first `open`, which rejects with `ENGINE_UNAVAILABLE` where nodegit is not to be had.
 *
 * @example
 * ```ts
 * const git = createNodeGit()
 * const repository = await git.open({
 *   dir: '/var/lib/cars.git',
 *   remote: parseRepositoryReference('https://git.example.org/lg/cars.git'),
 *   credentials: createHttpsCredentials({ password: () => readToken() }),
 * })
 * await repository.fetch()
 * ```
 */
export function createNodeGit(options: NodeGitOptions = {}): Git {
  const settings = settingsOf(options)
  return {
    name: engineName,
    capabilities: {
      pushExpected: false,
      pushAtomic: false,
      shallow: false,
      partial: false,
      gc: false,
      merge: true,
    },
    async open(request) {
      request.signal?.throwIfAborted()
      checkAbsolute(request.dir)
      if (request.filter !== undefined) throw unsupported('a partial store')
      // Its check of addresses in certificates is the wrong way round: it takes any but the right one.
      if (request.remote?.transport === 'https' && isIP(request.remote.host) !== 0)
        throw unsupported('HTTPS to an IP address; use the name of the host')
      checkCredentials(request.remote, request.credentials)
      return openRepository(withTimeout(settings, request.timeout), request)
    },
  }
}

function withTimeout(settings: Settings, timeout: number | undefined): Settings {
  return timeout === undefined ? settings : { ...settings, timeouts: { local: timeout, remote: timeout } }
}

async function openRepository(settings: Settings, request: OpenOptions): Promise<GitRepository> {
  const { dir, remote, credentials, foreign = false, signal } = request
  const module = findModule(settings.module)
  const claim = await claimStore(request, { ...settings, prefix: 'lg-nodegit-', engine: engineName })
  let engine: Engine | undefined
  const release = async (reason: Error): Promise<void> => {
    await engine?.stop(reason)
    await claim.release()
  }
  try {
    const { home, lock } = claim
    const usesSsh = credentials?.type === 'ssh' && remote !== undefined
    const ssh = usesSsh ? await findSshFiles(credentials, settings.environment) : undefined
    if (!foreign) await prepareStore(request)
    await refuseShallow(dir)
    const agent = ssh?.type === 'agent' ? ssh.socket : undefined
    const env = engineEnvironment(settings.environment, home, agent)
    engine = createEngine({ module, dir, env, lock }, settings.clock)
    const repository = createRepository({ settings, engine, dir, remote, credentials, home, release })
    await (foreign ? repository.listRefs('refs/lg/tx/') : dropTransactionRefs(repository))
    signal?.throwIfAborted()
    return repository
  } catch (error) {
    await release(error as Error)
    throw error
  }
}

/** Creates the store if it is not there, and brings an existing one into the state that all else counts on. */
async function prepareStore({ dir, remote }: OpenOptions): Promise<void> {
  await writeMark(dir, remote)
  await writeConfiguration(dir)
  await sweep(dir)
  if (!(await isMade(dir))) await makeStore(dir)
}

/** libgit2 would take the end of what was fetched for the beginning of the history. */
async function refuseShallow(dir: string): Promise<void> {
  const isShallow = await access(join(dir, 'shallow')).then(
    () => true,
    () => false,
  )
  if (isShallow) throw unsupported(`a shallow store, as ${dir} is`)
}

/** Branches of transactions that nobody will finish. */
async function dropTransactionRefs(repository: GitRepository): Promise<void> {
  for (const ref of (await repository.listRefs('refs/lg/tx/')).keys())
    await repository.updateRef({ ref, target: null })
}
