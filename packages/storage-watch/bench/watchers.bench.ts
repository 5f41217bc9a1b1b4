import { formatMilliseconds, type BenchRow } from '@lg/bench'
import { createFolderWatcher, createParcelWatcher, type DirectoryWatcher } from '@lg/storage-watch'
import { createBenchTree, type BenchTree } from './tree.ts'

const count = 1000
const edits = 50

/** The ways of noticing changes side by side, where both serve: on Linux. */
export async function run(): Promise<BenchRow[]> {
  const tree = await createBenchTree(count)
  try {
    const folders = await medianLatency(createFolderWatcher(), tree)
    const parcel = await medianLatency(createParcelWatcher(), tree)
    return [
      {
        name: 'one write to the report of the default watcher on Linux, median',
        figure: formatMilliseconds(folders),
        reference: `@parcel/watcher: ${formatMilliseconds(parcel)}`,
        ratio: folders / parcel,
      },
    ]
  } finally {
    await tree.close()
  }
}

/** Milliseconds from a write to its first report, each write 100 ms after the report before. */
async function medianLatency(watcher: DirectoryWatcher, tree: BenchTree): Promise<number> {
  let heard = (_path: string): void => {}
  const watched = await watcher.watch({
    dir: tree.dir,
    enters: () => true,
    changed: (path) => heard(path),
    missed: () => {},
    ended: () => {},
  })
  const latencies: number[] = []
  for (let edit = 0; edit < edits; edit++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const index = (edit * 7919) % count
    const report = new Promise<void>((resolve) => {
      heard = (path) => {
        if (path.endsWith(`widget-${index}.yaml`)) resolve()
      }
    })
    const start = performance.now()
    await tree.edit(index, edit + 1)
    await report
    latencies.push(performance.now() - start)
  }
  await watched.close()
  return latencies.toSorted((a, b) => a - b)[edits / 2] ?? Number.NaN
}
