import type { Scheme } from '@lg/runtime'
import { z } from 'zod'

const metadata = z.looseObject({ name: z.string() })
const apiVersion = z.literal('example.org/v1')

/** `Done` stands for one piece of work, and the one `Counter` for how many there are. */
export function countedScheme(scheme: Scheme): Scheme {
  const kind = { group: 'example.org', version: 'v1', scope: 'namespaced' } as const
  scheme.register({
    ...kind,
    kind: 'Done',
    schema: z.object({ apiVersion, kind: z.literal('Done'), metadata }),
  })
  scheme.register({
    ...kind,
    kind: 'Counter',
    schema: z.object({ apiVersion, kind: z.literal('Counter'), metadata, value: z.number() }),
  })
  return scheme
}

export const counterText = (value: number): string =>
  `# How often something was done.\napiVersion: example.org/v1\nkind: Counter\nmetadata:\n  name: all\nvalue: ${value} # so often\n`

/** What a transaction on a branch adds: so many that they are stored as a pack. */
export const manyObjects = 110
