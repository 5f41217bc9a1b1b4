import type { Commit, GitRepository } from '@lg/git'
import { formatKey, type CallOptions, type KubernetesObject } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { Storage, StoredObject, WriteOptions, WriteResult } from '@lg/storage'
import { contentVersion } from '@lg/storage-raw'
import { storageGitErrors } from './errors.ts'
import { mergeValues, type FieldConflict } from './merge-values.ts'

export interface MergeTools {
  readonly serializer: Serializer
  readonly repository: GitRepository
  /** The commit that the transaction stands on. */
  readonly base: Commit
}

/**
 * Updates an object that was read before this attempt: what changed in it since it was read is applied, field by
 * field, to what is stored now. An object whose source is not known replaces what is stored.
 *
 * @throws {LgError} `CONFLICT` with the fields that were changed on both sides.
 */
export async function mergeUpdate(
  storage: Storage,
  object: KubernetesObject,
  tools: MergeTools,
  options: WriteOptions = {},
): Promise<WriteResult> {
  const { serializer } = tools
  const source = serializer.sourceOf(object)
  const readVersion = source === undefined ? undefined : contentVersion(new TextEncoder().encode(source))
  const { expected = readVersion, ...call } = options
  const stored = await storage.read(storage.keyOf(object), call)
  if (expected === undefined || stored.version === expected) return storage.update(object, options)
  // Without the text that the token stands for, nobody can tell what was changed since.
  if (source === undefined || expected !== readVersion) return storage.update(object, options)

  const readObject = await serializer.decoder({ strict: false }).decodeDocument(source, call)
  const { value, conflicts } = mergeValues(readObject, object, stored.object)
  if (conflicts.length > 0) throw await conflict(stored, conflicts, tools, call)
  const merged = value as KubernetesObject
  serializer.copySource(stored.object, merged)
  return storage.update(merged, { ...call, expected: stored.version })
}

async function conflict(
  { key, location }: StoredObject,
  fields: readonly FieldConflict[],
  { repository, base }: MergeTools,
  options: CallOptions,
): Promise<Error> {
  const commit = await lastChange(repository, base, location.path, options)
  const names = fields.map(({ path }) => path.join('.')).join(', ')
  return storageGitErrors.create(
    'CONFLICT',
    `${formatKey(key)} was changed by ${commit.author.name} in ${commit.oid.slice(0, 12)} too: ${names}; read it again`,
    { key, fields, commit: commit.oid },
  )
}

async function lastChange(
  repository: GitRepository,
  base: Commit,
  path: string,
  options: CallOptions,
): Promise<Commit> {
  for await (const commit of repository.log(base.oid, { ...options, paths: [path], limit: 1 })) return commit
  return base
}

/** Which objects were read, or written, in one attempt: those are changed as they stand. */
export interface SeenObjects {
  has(object: object): boolean
  /** An object, a stored object, a list or a page of them. */
  add(result: unknown): void
}

export function createSeenObjects(): SeenObjects {
  const seen = new WeakSet<object>()
  const add = (result: unknown): void => {
    if (typeof result !== 'object' || result === null) return
    if (Array.isArray(result)) return result.forEach(add)
    if ('items' in result && Array.isArray(result.items) && !('apiVersion' in result))
      return result.items.forEach(add)
    seen.add('object' in result && 'version' in result ? (result as StoredObject).object : result)
  }
  return { has: (object) => seen.has(object), add }
}

/** The verbs whose results are objects of this attempt. */
export const reads: ReadonlySet<PropertyKey> = new Set<keyof Storage>(['get', 'read', 'find', 'list'])
