import type { BenchRow } from '@lg/bench'
import { createObjectIndex, indexFile, type ObjectIndex } from '@lg/storage-raw'
import { createRecognizer } from '@lg/serializer'

const recognize = createRecognizer()

const textOf = (index: number): string =>
  `apiVersion: example.org/v1\nkind: Car\nmetadata:\n  name: car-${index}\n  namespace: fleet-${index % 10}\nspec:\n  brand: Volvo\n  note: ${'x'.repeat(150)}\n`

/** What an index keeps of each object, as the difference between two sizes. */
export async function run(): Promise<BenchRow[]> {
  return [measure('each in its own file', 1), measure('100 in a file', 100)]
}

function measure(layout: string, perFile: number): BenchRow {
  heapUsed()
  const small = hold(1000, perFile)
  const large = hold(10_000, perFile)
  const perObject = (large.bytes - small.bytes) / 9000
  if (small.index.size + large.index.size !== 11_000) throw new Error('The index lost objects')
  return {
    name: `index memory for an object, ${layout}`,
    figure: `${Math.round(perObject)} bytes`,
    reference: 'the bound: 1,024 bytes',
    ratio: perObject / 1024,
    aim: 1,
  }
}

function hold(count: number, perFile: number): { readonly index: ObjectIndex; readonly bytes: number } {
  const before = heapUsed()
  const files = Array.from({ length: count / perFile }, (_, file) => {
    const texts = Array.from({ length: perFile }, (_, item) => textOf(file * perFile + item))
    return indexFile(`${file % 100}/cars-${file}.yaml`, Buffer.from(texts.join('---\n')), recognize)
  })
  const index = createObjectIndex(files)
  files.length = 0
  return { index, bytes: heapUsed() - before }
}

function heapUsed(): number {
  for (let run = 0; run < 3; run++) globalThis.gc?.()
  const { heapUsed: heap, external } = process.memoryUsage()
  return heap + external
}
