import { compareMilliseconds, formatMilliseconds, median, type BenchRow, type Comparison } from '@lg/bench'
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
  const measured: Measured[] = []
  for (const size of sizes) {
    const repository = await createBenchRepository(size)
    try {
      measured.push(await measure(repository, size))
    } finally {
      await repository.close()
    }
  }
  return [...measured.flatMap(({ rows }) => rows), ...growth(measured.slice(-2))]
}

interface Measured {
  readonly size: number
  readonly rows: readonly BenchRow[]
  /** Bytes of the heap for the index of all objects. */
  readonly memory: number
  /** Milliseconds for one object that was decoded before, and for one that was not. */
  readonly warm: number
  readonly cold: number
}

async function measure(repository: BenchRepository, size: number): Promise<Measured> {
  const where = `${count(size)} objects`
  const opened = await measureOpen(repository, size)
  const { memory, cold } = await measureCold(repository, size)
  const warm = await measureWarm(repository)
  const follow = await measureFollow(repository)
  const transaction = await measureTransaction(repository)
  const first: BenchRow = {
    name: `open ${where}, no saved index, the first time in a process`,
    figure: formatMilliseconds(opened.first),
    reference: `git cat-file --batch of all: ${formatMilliseconds(opened.fresh.theirs)}`,
    ratio: opened.first / opened.fresh.theirs,
  }
  return {
    size,
    memory,
    warm,
    cold,
    rows: [
      ...(size === sizes[0] ? [first] : []),
      row(`open ${where}, no saved index`, 'git cat-file --batch of all', opened.fresh, 4),
      row(`open ${where}, saved index`, 'git cat-file --batch of all', opened.saved, 1),
      row(`follow a commit of one file, ${where}`, 'git fetch and git diff-tree', follow, 1.3),
      row(`transaction on one object up to the push, ${where}`, 'git fast-import', transaction, 3),
      row(`get, warm, ${where}`, 'the bound', { ours: warm, theirs: 0.02 }, 1),
      row(`get, cold, ${where}`, 'the bound', { ours: cold, theirs: 2 }, 1),
    ],
  }
}

/** What ten times as many objects cost. */
function growth([few, many]: readonly Measured[]): BenchRow[] {
  if (few === undefined || many === undefined) return []
  const each = (many.memory - few.memory) / (many.size - few.size)
  return [
    {
      name: `memory of one object more, between ${count(few.size)} and ${count(many.size)}, caches empty`,
      figure: `${Math.round(each)} B`,
      reference: 'the bound: 2,048 B',
      ratio: each / 2048,
      aim: 1,
    },
    ...(['warm', 'cold'] as const).map((state) => {
      const compared = { ours: many[state], theirs: few[state] }
      return row(`get one of ${count(many.size)}, ${state}`, `of ${count(few.size)}`, compared, 1.5)
    }),
  ]
}

/** From nothing in memory to the first answer. */
async function measureOpen(
  repository: BenchRepository,
  size: number,
): Promise<{ readonly first: number; readonly fresh: Comparison; readonly saved: Comparison }> {
  const oids = (await repository.remote.git(['ls-tree', '-r', '--format=%(objectname)', 'main'])).toString()
  const catFile = (): Promise<void> => git(['-C', repository.plain, 'cat-file', '--batch', '--buffer'], oids)
  const open = async (kept: boolean): Promise<void> => {
    const storage = await repository.open({ kept })
    if ((await storage.count(car)) !== size) throw new Error('not all objects were found')
    await storage.close()
  }
  const first = await time(() => open(false))
  // As many rounds as make a few thousand objects, which is when the compiler is done.
  const rounds = { warmUps: Math.ceil(10_000 / size), times: size > 50_000 ? 3 : 7 }
  return {
    first,
    fresh: await compareMilliseconds(() => open(false), catFile, rounds),
    saved: await compareMilliseconds(() => open(true), catFile, rounds),
  }
}

/** Without a cache: the heap that the index takes, and an object read and decoded each time. */
async function measureCold(
  repository: BenchRepository,
  size: number,
): Promise<{ readonly memory: number; readonly cold: number }> {
  const empty = heap()
  const storage = await repository.open({ cacheSize: 0 })
  await storage.count(car)
  const memory = heap() - empty
  const thousand: number[] = []
  for (let round = 0; round < 5; round++) {
    thousand.push(
      await time(async () => {
        for (let turn = 0; turn < 1000; turn++) await storage.get(keyOf((turn * 7919) % size))
      }),
    )
  }
  await storage.close()
  return { memory, cold: median(thousand) / 1000 }
}

async function measureWarm(repository: BenchRepository): Promise<number> {
  const storage = await repository.open()
  const rounds: number[] = []
  for (let round = 0; round < 20; round++) {
    rounds.push(
      await time(async () => {
        for (let turn = 0; turn < 1000; turn++) await storage.get(keyOf(turn % 100))
      }),
    )
  }
  await storage.close()
  return median(rounds.slice(5)) / 1000
}

async function measureFollow({ remote, directory, plain, open }: BenchRepository): Promise<Comparison> {
  const storage = await open()
  await storage.count(car)
  let [before, after] = ['', await remote.git(['rev-parse', 'main'])]
  const compared = await compareMilliseconds(
    async () => {
      await directory.pull()
      await storage.count(car)
    },
    async () => {
      await git(['-C', plain, 'fetch', '--quiet', 'origin', '+refs/heads/main:refs/heads/main'])
      await git(['-C', plain, 'diff-tree', '-r', before, after])
    },
    {
      times: 15,
      warmUps: 3,
      async before(round) {
        before = after.trim()
        after = await remote.commit({ files: { [pathOf(round)]: textOf(round, 500 + round) } })
      },
    },
  )
  await storage.close()
  return compared
}

/** From the call to the moment when the commit is handed over to be pushed. */
async function measureTransaction(repository: BenchRepository): Promise<Comparison> {
  let handedOver = (): void => {}
  const gitDirectory = withMembers(repository.directory, {
    isKept: false,
    readOnly: false,
    async push() {
      handedOver()
      throw new Error('Far enough')
    },
  })
  const storage = await repository.open({ gitDirectory })
  await storage.count(car)
  let last: Promise<unknown> = Promise.resolve()
  const drive = (round: number): Promise<unknown> =>
    storage.transaction(
      'bench-',
      async (tx) => {
        const one = await tx.get<Car>(keyOf(round))
        one.status.speed = 1000 + round
        await tx.update(one)
        return { target: 'base', title: 'Drive' }
      },
      { freshness: 'local' },
    )
  const compared = await compareMilliseconds(
    (round) =>
      new Promise<void>((resolve) => {
        handedOver = resolve
        last = drive(round).catch(() => {})
      }),
    (round) => importOne(repository.plain, round),
    { times: 15, warmUps: 5, before: () => last },
  )
  await last
  await storage.close()
  return compared
}

async function importOne(dir: string, round: number): Promise<void> {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
  const commit = `commit refs/heads/bench-${round}\ncommitter T <t@example.org> now\n${data('Drive')}from refs/heads/main\n`
  const input = `${commit}M 100644 inline ${pathOf(0)}\n${data(textOf(0, 2000 + round))}`
  await git(['-C', dir, 'fast-import', '--quiet', '--date-format=now'], input)
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

const count = (size: number): string => size.toLocaleString('en')

function row(name: string, what: string, { ours, theirs }: Comparison, aim: number): BenchRow {
  const reference = `${what}: ${formatMilliseconds(theirs)}`
  return { name, figure: formatMilliseconds(ours), reference, ratio: ours / theirs, aim }
}
