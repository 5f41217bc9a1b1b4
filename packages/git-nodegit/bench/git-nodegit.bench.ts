import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatMilliseconds, medianMilliseconds } from '@lg/bench'
import type { BenchRow } from '@lg/bench'
import { createSshCredentials, parseRepositoryReference } from '@lg/git'
import type { Credentials, FileChange, Git, GitRepository, RepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createNodeGit } from '@lg/git-nodegit'
import { createBareRepository, createGitHttpServer, createGitSshServer, createSshKeyPair } from '@lg/test-kit'

const count = 10_000
const author = { name: 'Bench', email: 'bench@example.com', time: 1_700_000_000_000 }
const encoder = new TextEncoder()
const script = fileURLToPath(new URL('../../../scripts/nodegit-build.mjs', import.meta.url))

interface Remote {
  readonly remote: RepositoryReference
  readonly credentials?: Credentials
}

/** The port on libgit2 against the same port on the system's git. Nothing where nodegit is not compiled. */
export async function run(): Promise<BenchRow[]> {
  const module = execFileSync(process.execPath, [script, '--where'], { encoding: 'utf8' }).trim()
  if (!existsSync(module)) return []
  const root = await mkdtemp(join(tmpdir(), 'git-nodegit-bench-'))
  const key = await createSshKeyPair()
  const http = await createGitHttpServer({ root, anonymous: 'write' })
  const ssh = await createGitSshServer({ root, authorizedKeys: [key] })
  try {
    await createBareRepository({ dir: join(root, 'remote.git'), files: filesOf() })
    const file = { remote: parseRepositoryReference(join(root, 'remote.git')) }
    await writeFile(join(root, 'known_hosts'), ssh.knownHosts())
    const credentials = createSshCredentials({
      key: { type: 'file', path: await key.save(join(root, 'id')) },
      knownHosts: join(root, 'known_hosts'),
    })
    const overHttp = { remote: parseRepositoryReference(http.url('remote.git')) }
    const overSsh = { remote: parseRepositoryReference(ssh.url('remote.git')), credentials }
    const engines = [createNodeGit({ module }), createGitCli()]
    const rows: BenchRow[] = []
    rows.push(await compare('clone 10,000 files, HTTP', engines, (git) => cloneOnce(git, root, overHttp), 3))
    const stores = await Promise.all(
      engines.map((git, index) => clone(git, join(root, `file${index}`), file)),
    )
    for (const { name, work, times } of steps) rows.push(await compare(name, stores, work, times))
    await Promise.all(stores.map((store) => store.close()))
    for (const [name, remote] of Object.entries({ HTTP: overHttp, SSH: overSsh })) {
      const far = await Promise.all(
        engines.map((git, index) => clone(git, join(root, `${name}${index}`), remote)),
      )
      rows.push(await compare(`fetch with nothing new, ${name}`, far, (store) => store.fetch(), 9))
      await Promise.all(far.map((store) => store.close()))
    }
    return rows
  } finally {
    await Promise.all([http.close(), ssh.close()])
    await rm(root, { recursive: true, force: true })
  }
}

const steps: readonly {
  readonly name: string
  readonly times: number
  work(store: GitRepository): Promise<unknown>
}[] = [
  {
    name: 'read 10,000 blobs',
    times: 5,
    async work(store) {
      const oids = (await store.listTree(await store.resolve('main'))).map(({ oid }) => oid)
      for await (const _ of store.readBlobs(oids));
    },
  },
  {
    name: 'list 10,000 files',
    times: 5,
    work: async (store) => store.listTree(await store.resolve('main')),
  },
  {
    name: 'commit one of 10,000 files',
    times: 15,
    work: async (store) =>
      store.createCommit({
        parents: [await store.resolve('main')],
        changes: [change()],
        author,
        message: 'One',
      }),
  },
  { name: 'fetch with nothing new, file', times: 15, work: (store) => store.fetch() },
]

let speed = 0

function change(): FileChange {
  return { type: 'write', path: 'cars/7/car-7.yaml', content: encoder.encode(textOf(7, ++speed)) }
}

function textOf(index: number, value: number): string {
  return `apiVersion: sample/v1\nkind: Car\nmetadata:\n  name: car-${index}\nstatus:\n  speed: ${value}\n`
}

function filesOf(): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `cars/${index % 100}/car-${index}.yaml`,
      textOf(index, index),
    ]),
  )
}

async function clone(git: Git, dir: string, remote: Remote): Promise<GitRepository> {
  const store = await git.open({ dir, ...remote })
  await store.fetch()
  return store
}

async function cloneOnce(git: Git, root: string, remote: Remote): Promise<void> {
  const dir = await mkdtemp(join(root, 'clone-'))
  await (await clone(git, dir, remote)).close()
  await rm(dir, { recursive: true })
}

/** One row: the first of two against the second. */
async function compare<Subject>(
  name: string,
  [libgit2, cli]: readonly Subject[],
  work: (subject: Subject) => Promise<unknown>,
  times: number,
): Promise<BenchRow> {
  const measure = (subject: Subject | undefined): Promise<number> =>
    medianMilliseconds(() => (subject === undefined ? undefined : work(subject)), times)
  const [ours, theirs] = [await measure(libgit2), await measure(cli)]
  return {
    name,
    figure: formatMilliseconds(ours),
    reference: `git-cli: ${formatMilliseconds(theirs)}`,
    ratio: ours / theirs,
  }
}
