import { readFile } from 'node:fs/promises'
import { formatMilliseconds, medianMilliseconds, type BenchRow } from '@lg/bench'
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
  try {
    const where = `10,000 objects in ${files.toLocaleString('en')} files`
    const bytes = await medianMilliseconds(() => readAll(large), 3)
    const parse = await once(() => parseAll(large))
    const open = await medianMilliseconds(async () => {
      const storage = openStorage(large)
      await storage.count(car)
      await storage.close()
    }, 3)
    const storage = openStorage(large)
    const first = await once(() => storage.list(car))
    const second = await medianMilliseconds(() => storage.list(car))
    const count = await medianMilliseconds(() => storage.count(car))
    const few = openStorage(small)
    await few.list(car)
    const rows = [
      row(`open ${where}`, open, 'reading the bytes', bytes),
      row(`first list of ${where}`, first, 'yaml.parse of all', parse, 1.5),
      row(`second list of ${where}`, second, 'the first', first, 1 / 20),
      row(`count ${where}`, count, 'reading the bytes', bytes),
      row(`get one of ${where}`, await getOne(storage, 10_000), 'of 1,000', await getOne(few, 1000), 1.5),
      row(
        `update one of ${where}`,
        await updateOne(storage, 10_000),
        'of 1,000',
        await updateOne(few, 1000),
        1.5,
      ),
    ]
    await storage.close()
    await few.close()
    return rows
  } finally {
    await small.close()
    await large.close()
  }
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

const rounds = 200

/** Milliseconds of one call, over many objects that are spread evenly. */
async function getOne(storage: Storage, count: number): Promise<number> {
  const total = await medianMilliseconds(async () => {
    for (let round = 0; round < rounds; round++) await storage.get(keyOf((round * 37) % count))
  }, 3)
  return total / rounds
}

async function updateOne(storage: Storage, count: number): Promise<number> {
  let speed = 1000
  const total = await medianMilliseconds(async () => {
    speed++
    for (let round = 0; round < rounds; round++) {
      const patch = { status: { speed: speed + round } }
      await storage.patch(keyOf((round * 37) % count), { type: 'merge', patch })
    }
  }, 3)
  return total / rounds
}

async function once(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
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
