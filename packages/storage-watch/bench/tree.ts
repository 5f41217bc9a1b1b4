import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createScheme } from '@lg/runtime'
import { createSerializer, type Serializer } from '@lg/serializer'
import { z } from 'zod'

export interface BenchTree {
  readonly dir: string
  /** Writes one file, as editors without a net do. */
  edit(index: number, size: number): Promise<void>
  readAll(): Promise<void>
  close(): Promise<void>
}

const textOf = (index: number, size: number): string => `# Widget ${index} of the bench
apiVersion: example.org/v1
kind: Widget
metadata:
  name: widget-${index}
  namespace: bench-${index % 10}
  labels:
    team: ${index % 2 === 0 ? 'red' : 'blue'} # who turns it
spec:
  size: ${100_000 + size}
  color: red
  note: ${'x'.repeat(80)}
`

/** `count` objects, each in a file, a hundred to a folder. */
export async function createBenchTree(count: number): Promise<BenchTree> {
  const dir = await mkdtemp(join(tmpdir(), 'watch-bench-'))
  const pathOf = (index: number): string => join(dir, `${Math.floor(index / 100)}`, `widget-${index}.yaml`)
  const edit = (index: number, size: number): Promise<void> => writeFile(pathOf(index), textOf(index, size))
  for (let index = 0; index < count; index++) {
    await mkdir(dirname(pathOf(index)), { recursive: true })
    await edit(index, 0)
  }
  return {
    dir,
    edit,
    async readAll() {
      for (let at = 0; at < count; at += 64) {
        await Promise.all(
          Array.from({ length: Math.min(64, count - at) }, (_, of) => readFile(pathOf(at + of))),
        )
      }
    },
    close: () => rm(dir, { recursive: true, force: true }),
  }
}

const schema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.object({ size: z.int(), color: z.string(), note: z.string() }),
})

export function createBenchSerializer(): Serializer {
  const scheme = createScheme()
  scheme.register({ group: 'example.org', version: 'v1', kind: 'Widget', scope: 'namespaced', schema })
  return createSerializer({ scheme })
}
