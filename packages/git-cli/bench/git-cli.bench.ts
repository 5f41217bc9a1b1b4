import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatMilliseconds, medianMilliseconds } from '@lg/bench'
import type { BenchRow } from '@lg/bench'
import { parseRepositoryReference } from '@lg/git'
import type { FileChange, GitRepository } from '@lg/git'
import { createGitCli } from '@lg/git-cli'

const count = 10_000
const author = { name: 'Bench', email: 'bench@example.com', time: 1_700_000_000_000 }
const encoder = new TextEncoder()

/** The port against the same work by one process of git. */
export async function run(): Promise<BenchRow[]> {
  const root = await mkdtemp(join(tmpdir(), 'git-cli-bench-'))
  const remote = join(root, 'remote.git')
  await plainGit(root, ['init', '--quiet', '--bare', '--initial-branch=main', remote])
  await plainGit(remote, ['config', 'uploadpack.allowFilter', 'true'])
  const store = await createGitCli().open({
    dir: join(root, 'store'),
    remote: parseRepositoryReference(remote),
  })
  try {
    const base = await seed(store)
    await store.push([{ ref: 'refs/heads/main', target: base }])
    await store.fetch()
    return [
      await readAll(store, base),
      await listAll(store, base),
      await commitOne(store, base),
      await commitMany(store, base),
      await diffOne(store, base),
      await fetchNothing(store),
      await showOne(store, base, join(root, 'worktree')),
      await cloneFolder(root, remote),
      await readDuringGc(store, base),
    ]
  } finally {
    await store.close()
    await rm(root, { recursive: true, force: true })
  }
}

function seed(store: GitRepository): Promise<string> {
  const changes = Array.from({ length: count }, (_, index) => change(index, index))
  return store.createCommit({ parents: [], changes, author, message: 'Seed' })
}

function change(index: number, speed: number): FileChange {
  const text = `apiVersion: sample/v1\nkind: Car\nmetadata:\n  name: car-${index}\nstatus:\n  speed: ${speed}\n`
  return { type: 'write', path: `cars/${index % 100}/car-${index}.yaml`, content: encoder.encode(text) }
}

async function readAll(store: GitRepository, base: string): Promise<BenchRow> {
  const oids = (await store.listTree(base)).map(({ oid }) => oid)
  const ours = await medianMilliseconds(async () => {
    for await (const _ of store.readBlobs(oids));
  })
  const input = `${oids.join('\n')}\n`
  const plain = await medianMilliseconds(() =>
    plainGit(store.dir, ['cat-file', '--batch', '--buffer'], input),
  )
  return row('read 10,000 blobs', ours, 'git cat-file --batch', plain, 2)
}

async function listAll(store: GitRepository, base: string): Promise<BenchRow> {
  const ours = await medianMilliseconds(() => store.listTree(base))
  const plain = await medianMilliseconds(() => plainGit(store.dir, ['ls-tree', '-r', '-z', base]))
  return row('list 10,000 files', ours, 'git ls-tree -r', plain, 3)
}

async function commitOne(store: GitRepository, base: string): Promise<BenchRow> {
  let speed = 0
  const ours = await medianMilliseconds(
    () => store.createCommit({ parents: [base], changes: [change(7, ++speed)], author, message: 'One' }),
    25,
  )
  const plain = await medianMilliseconds(
    () => plainGit(store.dir, ['fast-import', '--quiet'], fastImport(base, [++speed])),
    25,
  )
  return row('commit one of 10,000 files', ours, 'git fast-import', plain, 1)
}

async function commitMany(store: GitRepository, base: string): Promise<BenchRow> {
  let speed = 100_000
  const ours = await medianMilliseconds(() =>
    Promise.all(
      Array.from({ length: 64 }, () =>
        store.createCommit({ parents: [base], changes: [change(7, ++speed)], author, message: 'One' }),
      ),
    ),
  )
  const plain = await medianMilliseconds(() => {
    const speeds = Array.from({ length: 64 }, () => ++speed)
    return plainGit(store.dir, ['fast-import', '--quiet'], fastImport(base, speeds))
  })
  return row('64 such commits at once', ours, 'one git fast-import of all', plain)
}

async function diffOne(store: GitRepository, base: string): Promise<BenchRow> {
  const next = await store.createCommit({ parents: [base], changes: [change(7, -1)], author, message: 'One' })
  const ours = await medianMilliseconds(() => store.diffTrees(base, next), 25)
  const plain = await medianMilliseconds(() => plainGit(store.dir, ['diff-tree', '-r', base, next]), 25)
  return row('difference of one file', ours, 'git diff-tree -r', plain, 1)
}

async function fetchNothing(store: GitRepository): Promise<BenchRow> {
  const ours = await medianMilliseconds(() => store.fetch(), 15)
  const remote = join(store.dir, '..', 'remote.git')
  const args = [
    'fetch',
    '--quiet',
    '--prune',
    '--no-write-fetch-head',
    remote,
    '+refs/heads/*:refs/remotes/origin/*',
  ]
  const plain = await medianMilliseconds(() => plainGit(store.dir, args), 15)
  return row('fetch with nothing new', ours, 'git fetch', plain, 1.5)
}

async function showOne(store: GitRepository, base: string, dir: string): Promise<BenchRow> {
  const next = await store.createCommit({ parents: [base], changes: [change(7, -1)], author, message: 'One' })
  await store.updateWorktree({ dir, commit: base })
  let commit = base
  const ours = await medianMilliseconds(() => {
    commit = commit === base ? next : base
    return store.updateWorktree({ dir, commit })
  })
  const index = ['-c', 'core.bare=false', `--work-tree=${dir}`]
  await plainGit(store.dir, [...index, 'read-tree', base])
  await plainGit(store.dir, [...index, 'update-index', '--refresh', '-q'], '', true)
  const plain = await medianMilliseconds(() => {
    commit = commit === base ? next : base
    return plainGit(store.dir, [...index, 'read-tree', '--reset', '-u', commit])
  })
  return row('move a worktree of 10,000 files by one', ours, 'git read-tree --reset -u', plain)
}

/** The newest commit and the files of one folder, as a controller of one folder needs them. */
async function cloneFolder(root: string, remote: string): Promise<BenchRow> {
  let clones = 0
  const git = createGitCli()
  const ours = await medianMilliseconds(async () => {
    const dir = join(root, `clone${clones++}`)
    const store = await git.open({ dir, remote: parseRepositoryReference(remote), filter: 'blob:none' })
    await store.fetch({ depth: 1 })
    const files = await store.listTree(await store.resolve('main'), { under: 'cars/7' })
    for await (const _ of store.readBlobs(files.map(({ oid }) => oid)));
    await store.close()
  })
  const plain = await medianMilliseconds(() =>
    plainGit(root, [
      'clone',
      '--quiet',
      '--bare',
      '--depth=1',
      `file://${remote}`,
      join(root, `clone${clones++}`),
    ]),
  )
  return row('clone without contents, read 100 of 10,000 files', ours, 'git clone --depth=1', plain)
}

async function readDuringGc(store: GitRepository, base: string): Promise<BenchRow> {
  const oids = (await store.listTree(base)).map(({ oid }) => oid)
  const read = async (): Promise<void> => {
    for await (const _ of store.readBlobs(oids));
  }
  const quiet = await medianMilliseconds(read)
  const times: number[] = []
  let running = true
  const packing = store.gc().finally(() => {
    running = false
  })
  while (running) {
    const began = performance.now()
    await read()
    times.push(performance.now() - began)
  }
  await packing
  return row(
    'read 10,000 blobs while the store is packed',
    Math.max(...times),
    'the same before, median',
    quiet,
    5,
  )
}

/** The same change as a stream, each speed a commit on a branch of its own. */
function fastImport(base: string, speeds: readonly number[]): string {
  return speeds
    .map((speed) => {
      const text = `apiVersion: sample/v1\nkind: Car\nmetadata:\n  name: car-7\nstatus:\n  speed: ${speed}\n`
      return (
        `commit refs/bench/${speed}\nauthor Bench <bench@example.com> 1700000000 +0000\n` +
        'committer Bench <bench@example.com> 1700000000 +0000\ndata 3\nOne\n' +
        `from ${base}\nM 100644 inline cars/7/car-7.yaml\ndata ${text.length}\n${text}\n`
      )
    })
    .join('')
}

function plainGit(dir: string, args: readonly string[], input = '', lenient = false): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', dir, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdout.resume()
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 || lenient ? resolve() : reject(new Error(`git ${args[0]}: ${code}`)),
    )
    // A process that ends without reading is judged by its status.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

function row(name: string, ours: number, what: string, plain: number, aim?: number): BenchRow {
  return {
    name,
    figure: formatMilliseconds(ours),
    reference: `${what}: ${formatMilliseconds(plain)}`,
    ratio: ours / plain,
    ...(aim !== undefined && { aim }),
  }
}
