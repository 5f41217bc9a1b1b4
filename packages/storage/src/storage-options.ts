import type { Clock, Identifier, KubernetesObject, Logger } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { RawStorage } from '@lg/storage-raw'
import type { ObjectCache } from './object-cache.ts'
import type { Validator } from './validator.ts'

export interface StorageOptions {
  /** Where the documents are. It is closed with the storage. */
  readonly raw: RawStorage
  readonly serializer: Serializer
  /**
   * What names an object, tried in order. Default: namespace and name. An object that only a later one can name, such
   * as by its uid, is stored under that name; for this the raw storage must take keys from paths.
   */
  readonly identifiers?: readonly Identifier[] | undefined
  /** The namespace of a namespaced object that states none. Default `default`. */
  readonly defaultNamespace?: string | undefined
  /** Serve objects of kinds that the scheme does not know, as they stand. Default false. */
  readonly unstructured?: boolean | undefined
  /** Refuse to serve objects with unknown fields or duplicate keys. Default true. */
  readonly strict?: boolean | undefined
  /** Fill absent fields of objects that are read, by the defaults of their kind. Default false. */
  readonly defaults?: boolean | undefined
  /**
   * The version in which an object is written: `object`: its own; `stored`: the one that the stored text has; `hub`:
   * the hub of its kind. Default `object`.
   */
  readonly storageVersion?: 'object' | 'stored' | 'hub' | undefined
  /** Set `metadata.creationTimestamp` of a new object that has none. Default false. */
  readonly creationTimestamp?: boolean | undefined
  /** Asked in order before each write. Default: none. */
  readonly validators?: readonly Validator[] | undefined
  /** Values to find objects by, for `index` in lists: kept by content, so that unchanged objects are not read again. */
  readonly indexes?: Readonly<Record<string, (object: KubernetesObject) => readonly string[]>> | undefined
  /** About how many bytes of memory decoded objects may take. Default 128 MiB; 0 keeps none. */
  readonly cacheSize?: number | undefined
  /**
   * A cache shared with other storages, in place of one of its own: decoded objects are kept by content. All that share
   * one must have the same serializer, `strict`, `defaults` and `indexes`.
   */
  readonly cache?: ObjectCache | undefined
  readonly clock?: Clock | undefined
  /** Hears of each document that cannot be served, once for each state of it. Default: silent. */
  readonly logger?: Logger | undefined
}
