import { formatMilliseconds, medianMilliseconds, type BenchRow } from '@lg/bench'
import type { KubernetesObject } from '@lg/runtime'
import {
  car,
  createBenchRepository,
  keyOf,
  pathOf,
  run as git,
  textOf,
  withMembers,
  type BenchRepository,
} from './repository.ts'

type Car = KubernetesObject & { status: { speed: number } }

const sizes = process.env['LG_BENCH'] === 'large' ? [1000, 10_000, 100_000] : [1000, 10_000]

/** Objects in a clone against git's own commands for the same. `LG_BENCH=large` adds 100,000 objects. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  const memory: number[] = []
  const gets: number[] = []
  for (const size of sizes) {
    const repository = await createBenchRepository(size)
    try {
      const measured = await measure(repository, size)
      rows.push(...measured.rows)
      memory.push(measured.memory)
      gets.push(measured.get)
    } finally {
      await repository.close()
    }
  }
  const [small = 0, large = 0] = sizes.slice(-2)
  const [before = 0, after = 0] = memory.slice(-2)
  const each = (after - before) / (large - small)
  rows.push({
    name: `memory of one object more, between ${count(small)} and ${count(large)}, caches empty`,
    figure: `${Math.round(each)} B`,
    reference: 'the bound: 2,048 B',
    ratio: each / 2048,
    aim: 1,
  })
  const [few = 0, many = 0] = gets.slice(-2)
  rows.push(row(`get one of ${count(large)}, warm`, many, `of ${count(small)}`, few, 1.5))
  return rows
}

async function measure(
  repository: BenchRepository,
  size: number,
): Promise<{ readonly rows: BenchRow[]; readonly memory: number; readonly get: number }> {
  const { remote, directory, plain } = repository
  const where = `${count(size)} objects`
  const oids = (await remote.git(['ls-tree', '-r', '--format=%(objectname)', 'main'])).toString()
  const times = size > 50_000 ? 3 : 5
  const blobs = await medianMilliseconds(
    () => git(['-C', plain, 'cat-file', '--batch', '--buffer'], oids),
    times,
  )
  const openWith = (kept: boolean): Promise<number> =>
    medianMilliseconds(async () => {
      const storage = await repository.open({ kept })
      if ((await storage.count(car)) !== size) throw new Error('not all objects were found')
      await storage.close()
    }, times)
  const fresh = await openWith(false)
  const saved = await openWith(true)

  const empty = heap()
  const storage = await repository.open({ cacheSize: 0 })
  await storage.count(car)
  const memory = heap() - empty
  const cold = (await time(() => getMany(storage, size))) / 1000
  const { time: get } = await warm(repository)

  const followed = await repository.open()
  await followed.count(car)
  const follow: number[] = []
  const fetch: number[] = []
  for (let turn = 0; turn < 9; turn++) {
    const before = (await remote.git(['rev-parse', 'main'])).trim()
    const after = await remote.commit({ files: { [pathOf(turn)]: textOf(turn, 500 + turn) } })
    fetch.push(
      await time(async () => {
        await git(['-C', plain, 'fetch', '--quiet', 'origin', '+refs/heads/main:refs/heads/main'])
        await git(['-C', plain, 'diff-tree', '-r', before, after])
      }),
    )
    follow.push(
      await time(async () => {
        await directory.pull()
        await followed.count(car)
      }),
    )
  }
  const imported = await medianMilliseconds(importOne(plain), 9)
  const staged = await stageOne(repository)
  return {
    memory,
    get,
    rows: [
      row(`open ${where}, no saved index`, fresh, 'git cat-file --batch of all', blobs, 4),
      row(`open ${where}, saved index`, saved, 'git cat-file --batch of all', blobs, 1),
      row(
        `follow a commit of one file, ${where}`,
        median(follow),
        'git fetch and git diff-tree',
        median(fetch),
        1.3,
      ),
      row(`transaction on one object up to the push, ${where}`, staged, 'git fast-import', imported, 3),
      row(`get, warm, ${where}`, get, 'the bound', 0.02, 1),
      row(`get, cold, ${where}`, cold, 'the bound', 2, 1),
    ],
  }
}

async function getMany(storage: Awaited<ReturnType<BenchRepository['open']>>, size: number): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) await storage.get(keyOf((turn * 7919) % size))
}

async function warm(repository: BenchRepository): Promise<{ readonly time: number }> {
  const storage = await repository.open()
  const turns = 20_000
  for (let turn = 0; turn < 2000; turn++) await storage.get(keyOf(turn % 100))
  const total = await time(async () => {
    for (let turn = 0; turn < turns; turn++) await storage.get(keyOf(turn % 100))
  })
  return { time: total / turns }
}

/** From the call to the moment when the commit is handed over to be pushed. */
async function stageOne(repository: BenchRepository): Promise<number> {
  const durations: number[] = []
  let began = 0
  const gitDirectory = withMembers(repository.directory, {
    isKept: false,
    readOnly: false,
    async push() {
      durations.push(performance.now() - began)
      throw new Error('Far enough')
    },
  })
  const storage = await repository.open({ gitDirectory })
  await storage.count(car)
  for (let turn = 0; turn < 15; turn++) {
    began = performance.now()
    const change = storage.transaction(
      'bench-',
      async (tx) => {
        const one = await tx.get<Car>(keyOf(turn))
        one.status.speed = 1000 + turn
        await tx.update(one)
        return { target: 'base', title: 'Drive' }
      },
      { freshness: 'local' },
    )
    await change.catch(() => {})
  }
  return median(durations.slice(3))
}

function importOne(dir: string): () => Promise<void> {
  let turn = 0
  return async () => {
    const content = textOf(0, 2000 + turn++)
    const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
    const commit = `commit refs/heads/bench-${turn}\ncommitter T <t@example.org> now\n${data('Drive')}from refs/heads/main\n`
    const input = `${commit}M 100644 inline ${pathOf(0)}\n${data(content)}`
    await git(['-C', dir, 'fast-import', '--quiet', '--date-format=now'], input)
  }
}

function heap(): number {
  for (let turn = 0; turn < 4; turn++) globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const median = (durations: readonly number[]): number =>
  durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)] ?? Number.NaN

const count = (size: number): string => size.toLocaleString('en')

function row(name: string, figure: number, what: string, reference: number, aim: number): BenchRow {
  const ratio = figure / reference
  return {
    name,
    figure: formatMilliseconds(figure),
    reference: `${what}: ${formatMilliseconds(reference)}`,
    ratio,
    aim,
  }
}
