import { readdir, readFile, writeFile } from 'node:fs/promises'
import fs from 'node:fs'
import { join } from 'node:path'
import type { BenchRow } from '@lg/bench'
import { formatMilliseconds } from '@lg/bench'
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

const size = process.env['LG_BENCH'] === 'large' ? 10_000 : 1000
const author = { name: 'lg', email: 'lg@localhost' }

/** The steps of one job, each a way to measure. */
interface Job {
  clone(): Promise<unknown>
  list(): Promise<number>
  /** Changes one field of one object, commits and pushes it. */
  change(turn: number): Promise<unknown>
  close(): Promise<unknown>
}

type Step = 'clone' | 'list' | 'change'

/** One job three ways: with lg, and by hand on the two libraries that people take, with `yaml` and a worktree. */
export async function run(): Promise<BenchRow[]> {
  const times: Record<string, Record<Step, number>> = {}
  for (const [name, make] of Object.entries({
    lg: withLg,
    'simple-git': withSimpleGit,
    'isomorphic-git': withIsomorphic,
  })) {
    const tree = await createTree()
    const files = Object.fromEntries(
      Array.from({ length: size }, (_, index) => [pathOf(index), textOf(index)]),
    )
    await createBareRepository({ dir: tree.path('cars.git'), files })
    const server = await createGitHttpServer({ root: tree.path('.'), anonymous: 'write' })
    const job = make(server.url('cars.git'), tree)
    try {
      times[name] = await measure(job)
    } finally {
      await job.close()
      await server.close()
      await tree.close()
    }
  }
  const what = {
    clone: 'clone',
    list: `list ${size.toLocaleString('en')} objects`,
    change: 'change one field, commit, push',
  }
  return (['simple-git', 'isomorphic-git'] as const).flatMap((other) =>
    (['clone', 'list', 'change'] as const).map((step): BenchRow => {
      const [ours, theirs] = [times['lg']?.[step] ?? Number.NaN, times[other]?.[step] ?? Number.NaN]
      const reference = `${other} and yaml: ${formatMilliseconds(theirs)}`
      return { name: what[step], figure: formatMilliseconds(ours), reference, ratio: ours / theirs }
    }),
  )
}

async function measure(job: Job): Promise<Record<Step, number>> {
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  const clone = await time(() => job.clone())
  const list = await time(async () => {
    if ((await job.list()) !== size) throw new Error('not all objects were listed')
  })
  const changes: number[] = []
  for (let turn = 0; turn < 5; turn++) changes.push(await time(() => job.change(turn)))
  return { clone, list, change: changes.toSorted((a, b) => a - b)[2] ?? Number.NaN }
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
