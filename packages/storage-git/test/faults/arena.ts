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
import { counterText, manyObjects } from './counted.ts'
import { bundleWorker, startWorker, type StartOptions, type WorkerProcess } from './worker-process.ts'

export type Transport = 'http' | 'ssh'

/** A remote over HTTP and SSH, the workers on it, and the judge of what came of their work. */
export interface Arena {
  readonly remote: BareRepository
  readonly http: GitHttpServer
  readonly ssh: GitSshServer
  /** A worker with its clone in the folder of that name. */
  start(name: string, options?: Partial<StartOptions> & { readonly transport?: Transport }): WorkerProcess
  dirOf(name: string): string
  /** Files that could keep somebody out. */
  locks(name: string): Promise<readonly string[]>
  /** Files that hold objects, single or packed. */
  objects(name: string): Promise<readonly string[]>
  /**
   * Throws unless the remote holds each acknowledged piece of work exactly once, each other one whole or not at all, and
   * the counter says how many there are that count.
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
    async objects(name) {
      const folder = join(dirOf(name), 'store.git', 'objects')
      const entries = await readdir(folder, { recursive: true })
      return entries
        .filter((entry) => /[/][0-9a-f]{38}$|[.]pack$/.test(entry))
        .map((entry) => join(folder, entry))
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
  const done = (await remote.log('main')).flatMap(({ message }) => /^([wx]\S+)/.exec(message)?.slice(1) ?? [])
  const files = await filesIn(remote, 'main', 'done')
  const counter = Number(/value: (\d+)/.exec(await remote.readFile('main', 'counter.yaml'))?.[1])
  for (const id of acknowledged)
    if (!done.includes(id)) complaints.push(`${id} was acknowledged, and is not there`)
  if (new Set(done).size !== done.length) complaints.push('a piece of work landed twice')
  if (done.toSorted().join() !== files.toSorted().join()) complaints.push('commits and files differ')
  const counted = done.filter((id) => id.startsWith('w')).length
  if (counter !== counted) complaints.push(`the counter says ${counter}, and ${counted} landed`)
  for (const branch of Object.keys(await remote.branches())) {
    if (branch === 'main') continue
    const many = (await filesIn(remote, branch, 'many')).length
    if (many !== manyObjects) complaints.push(`the branch ${branch} has ${many} of ${manyObjects} files`)
  }
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  return { landed: done.length }
}

async function filesIn(remote: BareRepository, branch: string, folder: string): Promise<readonly string[]> {
  const paths = await remote.listFiles(branch)
  return paths.flatMap((path) => new RegExp(`^${folder}/(.+)\\.yaml$`).exec(path)?.slice(1) ?? [])
}
