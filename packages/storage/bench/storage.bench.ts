import { readFile } from 'node:fs/promises'
import {
  compareMilliseconds,
  cpuMilliseconds,
  formatMilliseconds,
  median,
  medianMilliseconds,
  type BenchRow,
} from '@lg/bench'
import { objectKey, type ObjectKey } from '@lg/runtime'
import { createStorage, type Storage } from '@lg/storage'
import { createMappedRawStorage } from '@lg/storage-raw'
import { parseAllDocuments } from 'yaml'
import { createBenchSerializer, createBenchTree, type BenchTree } from './tree.ts'

const car = { group: 'example.org', kind: 'Car' }
const keyOf = (index: number): ObjectKey =>
  objectKey({ ...car, namespace: `fleet-${index % 10}`, name: `car-${index}` })

/** Objects in a directory against the bytes alone, against parsing all of them, and against a tenth of the objects. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const files of [10_000, 100]) rows.push(...(await measure(files)))
  return rows
}

async function measure(files: number): Promise<BenchRow[]> {
  const small = await createBenchTree(1000, files / 10)
  const large = await createBenchTree(10_000, files)
  const [many, few] = [openStorage(large), openStorage(small)]
  try {
    const where = `10,000 objects in ${files.toLocaleString('en')} files`
    const bytes = await medianMilliseconds(() => readAll(large), 3)
    const parse = await cpuMilliseconds(() => parseAll(large))
    const open = await medianMilliseconds(() => withStorage(large, (storage) => storage.count(car)), 3)
    const { first, second } = await listTwice(large)
    await many.list(car)
    await few.list(car)
    const count = await medianMilliseconds(() => many.count(car))
    const get = await compareMilliseconds(getSome(many, 10_000), getSome(few, 1000), { times: 9 })
    const update = await compareMilliseconds(updateSome(many, 10_000), updateSome(few, 1000), { times: 15 })
    return [
      row(`open ${where}`, open, 'reading the bytes', bytes),
      row(`first list of ${where}`, first, 'yaml.parse of all', parse, 1.5),
      row(`second list of ${where}`, second, 'the first', first, 1 / 20),
      row(`count ${where}`, count, 'reading the bytes', bytes),
      row(`get one of ${where}`, get.ours / some, 'of 1,000', get.theirs / some, 1.5),
      row(`update one of ${where}`, update.ours / some, 'of 1,000', update.theirs / some, 1.5),
    ]
  } finally {
    await many.close()
    await few.close()
    await small.close()
    await large.close()
  }
}

/** The first and the second list of a storage that was just opened, in milliseconds of computing. */
async function listTwice(tree: BenchTree): Promise<{ readonly first: number; readonly second: number }> {
  const [firsts, seconds]: [number[], number[]] = [[], []]
  for (let round = 0; round < 5; round++) {
    await withStorage(tree, async (storage) => {
      firsts.push(await cpuMilliseconds(() => storage.list(car)))
      seconds.push(await cpuMilliseconds(() => storage.list(car)))
    })
  }
  return { first: median(firsts), second: median(seconds) }
}

async function withStorage(tree: BenchTree, work: (storage: Storage) => Promise<unknown>): Promise<void> {
  const storage = openStorage(tree)
  await work(storage)
  await storage.close()
}

function openStorage({ dir }: BenchTree): Storage {
  const serializer = createBenchSerializer()
  return createStorage({
    raw: createMappedRawStorage({ dir, recognize: serializer.recognize, fsync: false }),
    serializer,
  })
}

async function readAll({ paths }: BenchTree): Promise<void> {
  for (let at = 0; at < paths.length; at += 64) {
    await Promise.all(paths.slice(at, at + 64).map((path) => readFile(path)))
  }
}

async function parseAll({ paths }: BenchTree): Promise<void> {
  for (const path of paths)
    for (const document of parseAllDocuments(await readFile(path, 'utf8'))) document.toJS()
}

/** Objects that one turn touches, spread evenly. */
const some = 50

function getSome(storage: Storage, count: number) {
  return async (): Promise<void> => {
    for (let at = 0; at < some; at++) await storage.get(keyOf((at * 37) % count))
  }
}

function updateSome(storage: Storage, count: number) {
  return async (round: number): Promise<void> => {
    for (let at = 0; at < some; at++) {
      const patch = { status: { speed: 1000 + round * some + at } }
      await storage.patch(keyOf((at * 37) % count), { type: 'merge', patch })
    }
  }
}

function row(name: string, ours: number, what: string, reference: number, aim?: number): BenchRow {
  return {
    name,
    figure: formatMilliseconds(ours),
    reference: `${what}: ${formatMilliseconds(reference)}`,
    ratio: ours / reference,
    ...(aim !== undefined && { aim }),
  }
}
