import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createScheme } from '@lg/runtime'
import { createSerializer, type Serializer } from '@lg/serializer'
import { z } from 'zod'

export interface BenchTree {
  readonly dir: string
  readonly paths: readonly string[]
  close(): Promise<void>
}

/** A manifest of about 300 bytes. */
const textOf = (index: number, speed = index % 200): string => `# Car ${index} of the fleet
apiVersion: example.org/v1
kind: Car
metadata:
  name: car-${index}
  namespace: fleet-${index % 10}
  labels:
    team: ${index % 2 === 0 ? 'red' : 'blue'} # who drives
spec:
  brand: Volvo
  engine: v${index % 12}
  yearModel: "20${10 + (index % 10)}"
status:
  speed: ${speed}
  acceleration: 5
  distance: 12176941420362965433
`

/** `count` objects in `files` files, old enough to be trusted by their time. */
export async function createBenchTree(count: number, files: number): Promise<BenchTree> {
  const dir = await mkdtemp(join(tmpdir(), 'storage-bench-'))
  const perFile = count / files
  const paths: string[] = []
  const past = new Date(Date.now() - 60_000)
  for (let file = 0; file < files; file++) {
    const path = `${file % 100}/cars-${file}.yaml`
    const texts = Array.from({ length: perFile }, (_, item) => textOf(file * perFile + item))
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), texts.join('---\n'))
    await utimes(join(dir, path), past, past)
    paths.push(join(dir, path))
  }
  return { dir, paths, close: () => rm(dir, { recursive: true, force: true }) }
}

const metadata = z.looseObject({ name: z.string() })
const unsigned = z.union([z.int(), z.bigint()])

export function createBenchSerializer(): Serializer {
  const scheme = createScheme()
  scheme.register({
    group: 'example.org',
    version: 'v1',
    kind: 'Car',
    scope: 'namespaced',
    schema: z.object({
      apiVersion: z.string(),
      kind: z.string(),
      metadata,
      spec: z.object({ brand: z.string(), engine: z.string(), yearModel: z.string() }),
      status: z.object({ speed: z.number(), acceleration: z.number(), distance: unsigned }),
    }),
  })
  return createSerializer({ scheme })
}
