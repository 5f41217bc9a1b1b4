import {
  asObject,
  equalValues,
  formatApiVersion,
  groupVersionKindOf,
  objectKey,
  typeMeta,
  type CallOptions,
  type Kind,
  type KubernetesObject,
  type ObjectKey,
  type PartialObject,
} from '@lg/runtime'
import type { Patch } from '@lg/patch'
import { storageErrors } from './errors.ts'
import type {
  CreateOptions,
  ListOptions,
  Page,
  Paged,
  ReadStorage,
  Storage,
  StoredObject,
  WriteOptions,
  WriteResult,
} from './storage.ts'

/** An object of the client's kind by its name; without a namespace, in the default one. */
export type Named = string | { readonly name: string; readonly namespace?: string | undefined }

/** The verbs that read, for one kind: objects stored in another version come converted to the kind's own. */
export interface ReadClient<T extends KubernetesObject> {
  /** @throws {LgError} as {@link ReadStorage.read}. */
  read(name: Named, options?: CallOptions): Promise<StoredObject<T>>
  get(name: Named, options?: CallOptions): Promise<T>
  getMeta(name: Named, options?: CallOptions): Promise<PartialObject>
  /** @throws {LgError} as {@link ReadStorage.list}. */
  list(options: ListOptions<T> & Paged & { readonly entries: true }): Promise<Page<StoredObject<T>>>
  list(options: ListOptions<T> & Paged & { readonly entries?: false | undefined }): Promise<Page<T>>
  list(options: ListOptions<T> & { readonly entries: true }): Promise<readonly StoredObject<T>[]>
  list(options?: ListOptions<T>): Promise<readonly T[]>
  listMeta(options?: ListOptions<PartialObject>): Promise<readonly PartialObject[]>
  /** @throws {LgError} `NOT_FOUND`, `AMBIGUOUS_FIND`. */
  find(options?: ListOptions<T>): Promise<T>
  checksum(name: Named, options?: CallOptions): Promise<string>
  count(options?: ListOptions<T>): Promise<number>
  keyOf(name: Named): ObjectKey
}

/** The verbs that write, for one kind: an object of another kind or version is `WRONG_KIND`. */
export interface WriteClient<T extends KubernetesObject> {
  create(object: T, options?: CreateOptions): Promise<WriteResult>
  update(object: T, options?: WriteOptions): Promise<WriteResult>
  patch(name: Named, patch: Patch, options?: WriteOptions): Promise<WriteResult>
  delete(name: Named, options?: WriteOptions): Promise<WriteResult>
}

export interface Client<T extends KubernetesObject> extends ReadClient<T>, WriteClient<T> {}

/**
 * A storage seen through one kind: names instead of keys, and the type of the kind's schema. Of a storage that can only
 * be read, a client that can only read.
 *
 * @example
 * ```ts
 * const cars = createClient(storage, Car)
 * const car = await cars.get('foo')
 * car.status.speed = 24.7
 * await cars.update(car)
 * ```
 */
export function createClient<T extends KubernetesObject>(storage: Storage, kind: Kind<T>): Client<T>
export function createClient<T extends KubernetesObject>(storage: ReadStorage, kind: Kind<T>): ReadClient<T>
export function createClient<T extends KubernetesObject>(
  storage: ReadStorage & Partial<Storage>,
  kind: Kind<T>,
): ReadClient<T> & Partial<WriteClient<T>> {
  const keyOf = (named: Named): ObjectKey => {
    const { name, namespace } = typeof named === 'string' ? { name: named, namespace: undefined } : named
    if (kind.scope === 'cluster') return objectKey({ group: kind.group, kind: kind.kind, name })
    if (namespace !== undefined) return objectKey({ group: kind.group, kind: kind.kind, namespace, name })
    // The storage knows its default namespace.
    return storage.keyOf({ ...typeMeta(kind), metadata: { name } })
  }
  const requireOwn = (object: T): void => {
    const actual = groupVersionKindOf(asObject(object))
    const { group, version, kind: name } = kind
    const expected = { group, version, kind: name }
    if (equalValues(actual, expected)) return
    const message = `Not a ${name} in ${formatApiVersion(expected)}, but a ${actual.kind} in ${formatApiVersion(actual)}`
    throw storageErrors.create('WRONG_KIND', message, { expected, actual })
  }
  const { create, update, patch, delete: remove } = storage
  return {
    keyOf,
    read: (name, options) => storage.read<T>(keyOf(name), { ...options, as: kind }),
    get: (name, options) => storage.get<T>(keyOf(name), { ...options, as: kind }),
    getMeta: (name, options) => storage.getMeta(keyOf(name), options),
    list: ((options?: ListOptions<T>) => storage.list<T>(kind, options)) as ReadClient<T>['list'],
    listMeta: (options) => storage.listMeta(kind, options),
    find: (options) => storage.find<T>(kind, options),
    checksum: (name, options) => storage.checksum(keyOf(name), options),
    count: (options) => storage.count<T>(kind, options),
    ...(create && {
      create: async (object: T, options?: CreateOptions) => {
        requireOwn(object)
        return await create(object, options)
      },
    }),
    ...(update && {
      update: async (object: T, options?: WriteOptions) => {
        requireOwn(object)
        return await update(object, options)
      },
    }),
    ...(patch && {
      patch: (name: Named, change: Patch, options?: WriteOptions) => patch(keyOf(name), change, options),
    }),
    ...(remove && { delete: (name: Named, options?: WriteOptions) => remove(keyOf(name), options) }),
  }
}
