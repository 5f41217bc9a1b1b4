import { formatMilliseconds, medianMilliseconds, type BenchRow } from '@lg/bench'
import { followWithChokidar, followWithStorage, type Follow } from './followers.ts'
import { createBenchSerializer, createBenchTree, type BenchTree } from './tree.ts'

const count = 10_000
const edits = 100

/** A watched directory against reading all of its files, and against the same work on chokidar. */
export async function run(): Promise<BenchRow[]> {
  const tree = await createBenchTree(count)
  const few = await createBenchTree(count / 10)
  try {
    const reading = await medianMilliseconds(() => tree.readAll(), 3)
    const ours = await measure(followWithStorage, tree, few, 1000)
    const theirs = await measure(followWithChokidar, tree, few, 2000)
    const compare = (
      name: string,
      of: (figures: Figures) => number,
      format = formatMilliseconds,
    ): BenchRow => ({
      name,
      figure: format(of(ours)),
      reference: `chokidar: ${format(of(theirs))}`,
      ratio: of(ours) / of(theirs),
    })
    return [
      {
        name: '10,000 files to synced, all decoded',
        figure: formatMilliseconds(ours.synced),
        reference: `reading the bytes: ${formatMilliseconds(reading)}`,
        ratio: ours.synced / reading,
      },
      compare('10,000 files to synced, all decoded', ({ synced }) => synced),
      compare('one edit of 10,000 files to its event, median', ({ latencies }) => percentile(latencies, 0.5)),
      compare('one edit of 10,000 files to its event, 99th of 100', ({ latencies }) =>
        percentile(latencies, 0.99),
      ),
      {
        name: '10,000 edits at once to the last event',
        figure: formatBurst(ours),
        reference: `chokidar: ${formatBurst(theirs)}`,
        ratio: ours.burst / theirs.burst,
      },
      compare('memory for a file', ({ memory }) => memory, formatBytes),
      compare('idle CPU of 10,000 files, in 3 s', ({ idle }) => idle),
    ]
  } finally {
    await tree.close()
    await few.close()
  }
}

interface Figures {
  readonly synced: number
  readonly latencies: readonly number[]
  readonly burst: number
  /** Edits of the burst that nobody told of. */
  readonly lost: number
  readonly memory: number
  /** Milliseconds of CPU. */
  readonly idle: number
}

/** @param sizes from where on the sizes are that it writes, so that each edit is a change. */
async function measure(follow: Follow, tree: BenchTree, few: BenchTree, sizes: number): Promise<Figures> {
  const serializer = createBenchSerializer()
  const small = await held(() => follow(few.dir, serializer, () => {}))
  await small.value.close()

  let heard = (): void => {}
  const began = performance.now()
  const large = await held(() => follow(tree.dir, serializer, () => heard()))
  const synced = performance.now() - began - large.spent

  const latencies: number[] = []
  for (let edit = 1; edit <= edits; edit++) {
    const event = new Promise<void>((resolve) => (heard = resolve))
    const start = performance.now()
    await tree.edit((edit * 7919) % count, sizes + edit)
    await Promise.race([event, patience()])
    latencies.push(performance.now() - start)
  }

  const cpu = process.cpuUsage()
  await new Promise((resolve) => setTimeout(resolve, 3000))
  const { user, system } = process.cpuUsage(cpu)

  const start = performance.now()
  let last = start
  let lost = count
  heard = () => {
    last = performance.now()
    lost--
  }
  for (let at = 0; at < count; at += 64) {
    await Promise.all(
      Array.from({ length: Math.min(64, count - at) }, (_, of) => tree.edit(at + of, sizes + edits + 1)),
    )
  }
  const written = performance.now()
  while (lost > 0 && performance.now() - Math.max(last, written) < 3 * longest) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await large.value.close()
  return {
    synced,
    latencies,
    burst: last - start,
    lost,
    memory: (large.bytes - small.bytes) / (count - count / 10),
    idle: (user + system) / 1000,
  }
}

/** What something holds in memory, and how long it took to find that out. */
async function held<T>(
  make: () => Promise<T>,
): Promise<{ readonly value: T; readonly bytes: number; readonly spent: number }> {
  const before = used()
  const value = await make()
  const start = performance.now()
  const bytes = used() - before
  return { value, bytes, spent: performance.now() - start }
}

/** An event that has not come by then does not come. */
const longest = 5000

const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, longest).unref())

function used(): number {
  for (let run = 0; run < 3; run++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

const formatBurst = ({ burst, lost }: Figures): string =>
  formatMilliseconds(burst) + (lost > 0 ? `, ${lost.toLocaleString('en')} lost` : '')

const formatBytes = (bytes: number): string => `${Math.round(bytes).toLocaleString('en')} bytes`
