import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createBareRepository,
  createGitHttpServer,
  createGitSshServer,
  createSshKeyPair,
  createTree,
  type BareRepository,
  type GitHttpServer,
  type GitSshServer,
} from '@lg/test-kit'
import { counterText } from './counted.ts'
import { bundleWorker, startWorker, type StartOptions, type WorkerProcess } from './worker-process.ts'

/** A remote over HTTP and SSH, the workers on it, and the judge of what came of their work. */
export interface Arena {
  readonly remote: BareRepository
  readonly http: GitHttpServer
  readonly ssh: GitSshServer
  /** A worker with its clone in the folder of that name. */
  start(
    name: string,
    options?: Partial<StartOptions> & { readonly transport?: 'http' | 'ssh' },
  ): WorkerProcess
  dirOf(name: string): string
  /** Files that could keep somebody out. */
  locks(name: string): Promise<readonly string[]>
  /**
   * Throws unless the remote holds each acknowledged piece of work exactly once, each other one whole or not at all, and
   * the counter says how many there are.
   */
  judge(acknowledged: Iterable<string>): Promise<{ readonly landed: number }>
  close(): Promise<void>
}

export async function createArena(): Promise<Arena> {
  const tree = await createTree()
  const remote = await createBareRepository({
    dir: tree.path('remote/work.git'),
    files: { 'counter.yaml': counterText(0), 'README.md': 'Work.\n' },
  })
  const token = 't0ken'
  const http = await createGitHttpServer({ root: tree.path('remote'), accounts: [{ user: 'bot', token }] })
  const key = await createSshKeyPair()
  const ssh = await createGitSshServer({ root: tree.path('remote'), authorizedKeys: [key] })
  const keyFile = await key.save(tree.path('id'))
  const knownHosts = await tree.write('known_hosts', ssh.knownHosts())
  const bundle = tree.path('worker.mjs')
  await bundleWorker(bundle)
  const workers: WorkerProcess[] = []
  const dirOf = (name: string): string => tree.path(`clones/${name}`)

  return {
    remote,
    http,
    ssh,
    dirOf,
    start(name, { transport = 'http', ...options } = {}) {
      const worker = startWorker(bundle, {
        url: transport === 'http' ? http.url('work.git') : ssh.url('work.git'),
        token,
        dir: dirOf(name),
        ...(transport === 'ssh' && { ssh: { key: keyFile, knownHosts } }),
        ...options,
      })
      workers.push(worker)
      return worker
    },
    async locks(name) {
      const entries = await readdir(join(dirOf(name), 'store.git'), { recursive: true })
      return entries.filter((entry) => /\.lock$|tmp_|\.tmp$/.test(entry))
    },
    judge: (acknowledged) => judge(remote, acknowledged),
    async close() {
      for (const worker of workers) worker.kill()
      await Promise.all(workers.map(({ ended }) => ended))
      await http.close()
      await ssh.close()
      await tree.close()
    },
  }
}

async function judge(
  remote: BareRepository,
  acknowledged: Iterable<string>,
): Promise<{ readonly landed: number }> {
  const complaints = await remote.fsck()
  const ids = (await remote.log('main')).flatMap(({ message }) => /^(w\S+)/.exec(message)?.slice(1) ?? [])
  const files = (await remote.listFiles('main')).flatMap(
    (path) => /^done\/(.+)\.yaml$/.exec(path)?.slice(1) ?? [],
  )
  const counter = Number(/value: (\d+)/.exec(await remote.readFile('main', 'counter.yaml'))?.[1])
  const wanted = [...acknowledged]
  for (const id of wanted) if (!ids.includes(id)) complaints.push(`${id} was acknowledged, and is not there`)
  if (new Set(ids).size !== ids.length) complaints.push('a piece of work landed twice')
  if (ids.toSorted().join() !== files.toSorted().join()) complaints.push('commits and files differ')
  if (counter !== ids.length) complaints.push(`the counter says ${counter}, and ${ids.length} landed`)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  return { landed: ids.length }
}
