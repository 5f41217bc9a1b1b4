import { formatKey, isLgError, objectKey, type ObjectKey } from '@lg/runtime'
import type { RawStorage } from '../raw-storage.ts'

/** What the suite needs of an adapter. Each case gets one of its own, with nothing stored. */
export interface RawStorageHarness {
  readonly storage: RawStorage
  /** Changes a file behind the storage's back; absent where nobody can. */
  readonly outside?: OutsideFiles | undefined
  close(): Promise<void>
}

export interface OutsideFiles {
  write(path: string, content: string): Promise<void>
  remove(path: string): Promise<void>
  read(path: string): Promise<string | undefined>
}

export const group = 'example.org'
/** A namespaced object of the suite. */
export const car = (name: string, namespace = 'default'): ObjectKey =>
  objectKey({ group, kind: 'Car', namespace, name })
/** A cluster-scoped one. */
export const planet = (name: string): ObjectKey => objectKey({ group, kind: 'Planet', name })

/** The text of an object of the suite. */
export function textOf(key: ObjectKey, value: string | number = 1): string {
  const namespace = key.namespace === '' ? '' : `  namespace: ${key.namespace}\n`
  return `apiVersion: ${key.group}/v1\nkind: ${key.kind}\nmetadata:\n  name: ${key.name}\n${namespace}spec:\n  value: ${value} # kept\n`
}
export const bytesOf = (key: ObjectKey, value: string | number = 1): Uint8Array =>
  Buffer.from(textOf(key, value))
export const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

/** The code that a call fails with; `nothing` when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (!isLgError(error)) throw error
    return error.code
  }
  return 'nothing'
}

export const namesOf = (entries: readonly { readonly key: ObjectKey }[]): string[] =>
  entries.map(({ key }) => formatKey(key))
