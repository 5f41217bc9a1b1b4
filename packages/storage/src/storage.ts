import type { ListFilter, ObjectFilter } from '@lg/filter'
import type { CallOptions, GroupKind, Kind, KubernetesObject, ObjectKey, PartialObject } from '@lg/runtime'
import type { Patch } from '@lg/patch'
import type { FileProblem, Location } from '@lg/storage-raw'
import type { WritePlan } from './write-plan.ts'

/**
 * Reads objects by key. What an object is called, and which file it is in, is the raw storage's business.
 *
 * Objects are the caller's own: changing one changes nothing that another call returns. Every call rejects with the
 * reason of its signal when that is aborted. Any number of calls may run at once.
 */
export interface ReadStorage {
  /**
   * An object with the version and place it was read at.
   *
   * @throws {LgError} `NOT_FOUND`; a decoding error with file and line when the stored text is not valid;
   *   `UNRECOGNIZED_KIND` and its siblings for a kind that the scheme does not know, unless `unstructured`.
   */
  read<T extends KubernetesObject = KubernetesObject>(
    key: ObjectKey,
    options?: ReadAsOptions<T>,
  ): Promise<StoredObject<T>>
  /** The object of {@link read} alone. */
  get<T extends KubernetesObject = KubernetesObject>(key: ObjectKey, options?: ReadAsOptions<T>): Promise<T>
  /** Type and metadata only: cheaper, and refused by every write. */
  getMeta(key: ObjectKey, options?: CallOptions): Promise<PartialObject>
  /**
   * The objects of one kind, stored in any version, ordered by namespace and name, or as list filters leave them. With
   * a kind of a scheme they come in its version, else as they are stored. What cannot be served is left out and reported by {@link problems} and the logger.
   *
   * With `entries` each comes with key, version and place, and the serializer still knows its text, as it does for
   * {@link read}: without, encoding it yourself writes it anew. With `limit` a page comes back, see {@link Page}.
   *
   * @throws {LgError} `INVALID_FILTER`; `INVALID_CONTINUE`; `CONTINUE_EXPIRED` when what is listed has changed since
   *   the page before.
   */
  list<T extends KubernetesObject = KubernetesObject>(
    kind: Kind<T> | GroupKind,
    options: ListOptions<T> & Paged & { readonly entries: true },
  ): Promise<Page<StoredObject<T>>>
  list<T extends KubernetesObject = KubernetesObject>(
    kind: Kind<T> | GroupKind,
    options: ListOptions<T> & Paged & { readonly entries?: false | undefined },
  ): Promise<Page<T>>
  list<T extends KubernetesObject = KubernetesObject>(
    kind: Kind<T> | GroupKind,
    options: ListOptions<T> & { readonly entries: true },
  ): Promise<readonly StoredObject<T>[]>
  list<T extends KubernetesObject = KubernetesObject>(
    kind: Kind<T> | GroupKind,
    options?: ListOptions<T>,
  ): Promise<readonly T[]>
  /** As {@link list}, type and metadata only. Filters see no more than that. */
  listMeta(kind: GroupKind, options?: ListOptions<PartialObject>): Promise<readonly PartialObject[]>
  /**
   * The one object that the filters leave.
   *
   * @throws {LgError} `NOT_FOUND` for none; `AMBIGUOUS_FIND` with keys and places for several.
   */
  find<T extends KubernetesObject = KubernetesObject>(
    kind: Kind<T> | GroupKind,
    options?: ListOptions<T>,
  ): Promise<T>
  /** The version of an object: equal exactly when the stored text is. */
  checksum(key: ObjectKey, options?: CallOptions): Promise<string>
  /** How many objects of the kind the filters leave; without filters nothing is decoded. */
  count<T extends KubernetesObject = KubernetesObject>(
    kind: Kind<T> | GroupKind,
    options?: ListOptions<T>,
  ): Promise<number>
  /** The kinds that are stored; with `unstructured` also those that the scheme does not know. */
  kinds(options?: ReadOptions): Promise<readonly GroupKind[]>
  /**
   * The key under which an object is or would be stored.
   *
   * @throws {LgError} `NOT_IDENTIFIABLE`, `INVALID_KEY`.
   */
  keyOf(object: KubernetesObject): ObjectKey
  /** What stands in the way of an object being served, ordered by path. */
  problems(options?: CallOptions): Promise<readonly FileProblem[]>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Writes objects by key. Each write reconciles the stored text with the object: comments, order, quoting and every
 * other document of the file stay. Writes of one storage take effect one after the other.
 *
 * Every write is refused for a partial object (`PARTIAL_OBJECT`), for one that its schema refuses, and when a
 * validator vetoes it (`REJECTED`); with `expected` it fails with `CONFLICT` when the stored version is another.
 * With `dryRun` all checks are made and the plan comes back, but nothing is written.
 */
export interface WriteStorage {
  /** @throws {LgError} `ALREADY_EXISTS`, `NOT_TRACKED` when nothing says where the new file goes. */
  create<T extends KubernetesObject>(object: T, options?: CreateOptions): Promise<WriteResult>
  /**
   * Makes the stored object equal to `object`. Equal already: nothing is written, the version stays.
   *
   * @throws {LgError} `NOT_FOUND`, `CONFLICT`.
   */
  update<T extends KubernetesObject>(object: T, options?: WriteOptions): Promise<WriteResult>
  /**
   * Applies a patch to the stored object and stores the result: comments stay. For a strategic merge patch the merge
   * keys come from the JSON Schema of the kind, where it has one.
   *
   * @throws {LgError} `NOT_FOUND`, `CONFLICT`, `INVALID_PATCH`, `PATCH_FAILED`.
   */
  patch(key: ObjectKey, patch: Patch, options?: WriteOptions): Promise<WriteResult>
  /** @throws {LgError} `NOT_FOUND`, `CONFLICT`. */
  delete(key: ObjectKey, options?: WriteOptions): Promise<WriteResult>
}

export interface Storage extends ReadStorage, WriteStorage {}

/** An object as it is stored at one moment. */
export interface StoredObject<T extends KubernetesObject = KubernetesObject> {
  readonly key: ObjectKey
  readonly object: T
  /** A token of the stored text, for `expected`. Compare it, do not read it. */
  readonly version: string
  readonly location: Location
}

export interface ReadOptions extends CallOptions {
  /** Also kinds that the scheme does not know, as they stand. Default: the storage's own setting. */
  readonly unstructured?: boolean | undefined
}

export interface ReadAsOptions<T extends KubernetesObject> extends ReadOptions {
  /** The version to read it as: an object stored in another one is converted. Default: as it is stored. */
  readonly as?: Kind<T> | undefined
}

export interface ListOptions<T extends KubernetesObject = KubernetesObject> extends ReadOptions {
  /** Only this namespace. Default: all. */
  readonly namespace?: string | undefined
  /** A label selector in Kubernetes' syntax: `app=web,tier in (a,b),!old`. */
  readonly labels?: string | undefined
  /** Only objects that have this value in a secondary index of the storage. */
  readonly index?: { readonly name: string; readonly value: string } | undefined
  /** Only objects for which this is true. */
  readonly filter?: ObjectFilter<T> | undefined
  /** Applied in order to what is left, each to the result of the one before. */
  readonly listFilters?: readonly ListFilter<T>[] | undefined
  readonly entries?: boolean | undefined
}

export interface Paged {
  /** Most objects in the page; at least 1. */
  readonly limit: number
  /** {@link Page.continue} of the page before. */
  readonly continue?: string | undefined
}

/**
 * A part of a list. All pages of one list show one state: when what is listed changes in between, the next page is
 * refused with `CONTINUE_EXPIRED`.
 */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** For the next page; absent on the last. An opaque string. */
  readonly continue?: string | undefined
  /** How many come after this page. */
  readonly remaining: number
}

export interface WriteOptions extends CallOptions {
  /** The version that must be stored now, as a read or an earlier write returned it. Default: whatever is stored. */
  readonly expected?: string | undefined
  /** Check everything and return the plan, but write nothing. Default false. */
  readonly dryRun?: boolean | undefined
}

export interface CreateOptions extends Omit<WriteOptions, 'expected'> {
  /** The file for the object, from the root of the storage. Default: where the path template puts it. */
  readonly path?: string | undefined
}

/** What a write did, or with `dryRun` would do. */
export interface WriteResult {
  readonly key: ObjectKey
  /** The version now; the empty string after a deletion. */
  readonly version: string
  readonly location: Location
  /** False when the stored text was right already: nothing was written. */
  readonly changed: boolean
  readonly plan: WritePlan
}
