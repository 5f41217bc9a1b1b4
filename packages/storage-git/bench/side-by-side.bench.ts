import { readdir, readFile, writeFile } from 'node:fs/promises'
import fs from 'node:fs'
import { join } from 'node:path'
import { formatMilliseconds, median, type BenchRow } from '@lg/bench'
import { parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createGitDirectory } from '@lg/gitdir'
import { createScheme, type KubernetesObject } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { createGitStorage } from '@lg/storage-git'
import { createBareRepository, createGitHttpServer, createTree, type Tree } from '@lg/test-kit'
import isomorphic from 'isomorphic-git'
import http from 'isomorphic-git/http/node'
import { simpleGit } from 'simple-git'
import { parse, parseDocument } from 'yaml'
import { car, keyOf, pathOf, textOf } from './repository.ts'

const large = process.env['LG_BENCH'] === 'large'
const size = large ? 10_000 : 1000
/** How often the whole job is done by each; two of 1,000 objects before do not count. */
const rounds = large ? 1 : 3
const author = { name: 'lg', email: 'lg@localhost' }

/** The steps of one job, each a way to measure. */
interface Job {
  clone(): Promise<unknown>
  list(): Promise<number>
  /** Changes one field of one object, commits and pushes it. */
  change(turn: number): Promise<unknown>
  close(): Promise<unknown>
}

const steps = ['clone', 'list', 'change'] as const
type Durations = Readonly<Record<(typeof steps)[number], number>>

/** One job three ways: with lg, and by hand on the two libraries that people take, with `yaml` and a worktree. */
export async function run(): Promise<BenchRow[]> {
  const jobs = { lg: withLg, 'simple-git': withSimpleGit, 'isomorphic-git': withIsomorphic }
  for (let round = 0; round < 2; round++) for (const make of Object.values(jobs)) await measure(make, 1000)
  const lg: Durations[] = []
  const others = { 'simple-git': [] as Durations[], 'isomorphic-git': [] as Durations[] }
  for (let round = 0; round < rounds; round++) {
    lg.push(await measure(jobs.lg, size))
    for (const name of ['simple-git', 'isomorphic-git'] as const)
      others[name].push(await measure(jobs[name], size))
  }
  const what = {
    clone: `clone ${size.toLocaleString('en')} files`,
    list: `list ${size.toLocaleString('en')} objects`,
    change: `change one field of ${size.toLocaleString('en')} objects, commit, push`,
  }
  return Object.entries(others).flatMap(([other, durations]) =>
    steps.map((step): BenchRow => {
      const [ours, theirs] = [lg, durations].map((all) => median(all.map((one) => one[step])))
      const reference = `${other} and yaml: ${formatMilliseconds(theirs ?? Number.NaN)}`
      const ratio = (ours ?? Number.NaN) / (theirs ?? Number.NaN)
      return { name: what[step], figure: formatMilliseconds(ours ?? Number.NaN), reference, ratio }
    }),
  )
}

/** The whole job on a remote of its own. */
async function measure(make: (url: string, tree: Tree) => Job, objects: number): Promise<Durations> {
  const tree = await createTree()
  const files = Object.fromEntries(
    Array.from({ length: objects }, (_, index) => [pathOf(index), textOf(index)]),
  )
  await createBareRepository({ dir: tree.path('cars.git'), files })
  const server = await createGitHttpServer({ root: tree.path('.'), anonymous: 'write' })
  const job = make(server.url('cars.git'), tree)
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  try {
    const clone = await time(() => job.clone())
    const list = await time(async () => {
      if ((await job.list()) !== objects) throw new Error('not all objects were listed')
    })
    const changes: number[] = []
    for (let turn = 0; turn < 5; turn++) changes.push(await time(() => job.change(turn)))
    return { clone, list, change: median(changes) }
  } finally {
    await job.close()
    await server.close()
    await tree.close()
  }
}

function withLg(url: string, tree: Tree): Job {
  const gitDirectory = createGitDirectory({
    git: createGitCli(),
    repository: parseRepositoryReference(url),
    auth: { type: 'https', username: 'bot', password: 'unused' },
    dir: tree.path('lg'),
    worktree: false,
    interval: 3_600_000,
  })
  const serializer = createSerializer({ scheme: createScheme() })
  const storage = createGitStorage({ gitDirectory, serializer, unstructured: true })
  return {
    clone: () => storage.start(),
    list: async () => (await storage.list(car)).length,
    change: (turn) =>
      storage.transaction('bench-', async (tx) => {
        const one = await tx.get<KubernetesObject & { status: { speed: number } }>(keyOf(turn))
        one.status.speed = 1000 + turn
        await tx.update(one)
        return { target: 'base', title: 'Drive' }
      }),
    async close() {
      await storage.close()
      await gitDirectory.close()
    },
  }
}

function withSimpleGit(url: string, tree: Tree): Job {
  const dir = tree.path('simple')
  return {
    clone: () => simpleGit().clone(url, dir),
    list: () => listFolder(dir),
    async change(turn) {
      const git = simpleGit(dir, { config: [`user.name=${author.name}`, `user.email=${author.email}`] })
      await git.pull()
      await changeFile(join(dir, pathOf(turn)), turn)
      await git.add(pathOf(turn))
      await git.commit('Drive')
      await git.push()
    },
    close: async () => {},
  }
}

function withIsomorphic(url: string, tree: Tree): Job {
  const dir = tree.path('isomorphic')
  return {
    clone: () => isomorphic.clone({ fs, http, dir, url, singleBranch: true }),
    list: () => listFolder(dir),
    async change(turn) {
      await isomorphic.pull({ fs, http, dir, author, singleBranch: true })
      await changeFile(join(dir, pathOf(turn)), turn)
      await isomorphic.add({ fs, dir, filepath: pathOf(turn) })
      await isomorphic.commit({ fs, dir, message: 'Drive', author })
      await isomorphic.push({ fs, http, dir })
    },
    close: async () => {},
  }
}

async function listFolder(dir: string): Promise<number> {
  const files = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.yaml'))
  const objects = await Promise.all(
    files.map(async (name): Promise<unknown> => parse(await readFile(join(dir, name), 'utf8'))),
  )
  return objects.length
}

async function changeFile(file: string, turn: number): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'))
  document.setIn(['status', 'speed'], 1000 + turn)
  await writeFile(file, document.toString())
}
