import { objectKey, type ObjectKey } from '@lg/runtime'

export const keyOf = (name: string): ObjectKey =>
  objectKey({ group: 'example.org', kind: 'Car', namespace: 'default', name })

/** A document whose every line tells which writing it is from. */
export const textOf = (name: string, mark: string, lines = 1): string =>
  `apiVersion: example.org/v1\nkind: Car\nmetadata:\n  name: ${name}\n  namespace: default\nspec:\n${Array.from({ length: lines }, (_, line) => `  line${line}: ${mark}\n`).join('')}`

/** The number that a document of {@link textOf} has for its mark. */
export const countOf = (bytes: Uint8Array): number =>
  Number(/line0: (\d+)/.exec(Buffer.from(bytes).toString())?.[1])
