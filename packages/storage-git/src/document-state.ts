import { isLgError, type CallOptions, type KubernetesObject, type ObjectKey } from '@lg/runtime'
import type { Storage } from '@lg/storage'
import type { Location, MappedRawStorage } from '@lg/storage-raw'
import { rawStorageErrors } from '@lg/storage-raw'
import type { CommitTree } from './commit-tree.ts'

/** One commit, with what is written on top of it: its files, their documents, and the objects in these. */
export interface Layer {
  readonly files: CommitTree
  readonly raw: MappedRawStorage
  readonly storage: Storage
}

/** A document at one moment: a plain value that can be shown and stored. */
export interface DocumentState {
  /** Absent when the text does not decode. */
  readonly object?: KubernetesObject | undefined
  /** The document as it is stored, without the separators around it. */
  readonly text: string
  readonly version: string
  readonly location: Location
}

/** The document of a key, or `undefined` where there is none. A text that does not decode is given all the same. */
export async function documentState(
  { raw, storage }: Pick<Layer, 'raw' | 'storage'>,
  key: ObjectKey,
  options: CallOptions = {},
): Promise<DocumentState | undefined> {
  try {
    const { bytes, version, location } = await raw.read(key, options)
    return {
      object: await objectOf(storage, key, options),
      text: Buffer.from(bytes).toString('utf8'),
      version,
      location,
    }
  } catch (error) {
    if (rawStorageErrors.is(error, 'NOT_FOUND')) return undefined
    throw error
  }
}

async function objectOf(
  storage: Storage,
  key: ObjectKey,
  options: CallOptions,
): Promise<KubernetesObject | undefined> {
  try {
    return await storage.get(key, { ...options, unstructured: true })
  } catch (error) {
    options.signal?.throwIfAborted()
    if (isLgError(error)) return undefined
    throw error
  }
}
