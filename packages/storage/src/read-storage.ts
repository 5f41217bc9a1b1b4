import {
  formatGroupKind,
  formatName,
  toPartialObject,
  type CallOptions,
  type GroupKind,
  type Kind,
  type KubernetesObject,
  type ObjectKey,
  type PartialObject,
} from '@lg/runtime'
import type { RawEntry } from '@lg/storage-raw'
import { copyValue } from './copy-value.ts'
import { storageErrors } from './errors.ts'
import { listState, takePage } from './list-page.ts'
import { selectEntries, type Selected } from './select-entries.ts'
import type { ListOptions, Page, Paged, ReadStorage, StoredObject } from './storage.ts'
import {
  allowsUnstructured,
  giveAway,
  inVersion,
  requireKey,
  requireKind,
  type StorageContext,
} from './storage-context.ts'

/** The reading half of a storage. */
export function createReadStorage(
  context: StorageContext,
): Omit<ReadStorage, 'problems' | 'close' | typeof Symbol.asyncDispose> {
  const { raw } = context.options

  const read: ReadStorage['read'] = async <T extends KubernetesObject>(
    given: ObjectKey,
    {
      as,
      unstructured,
      signal,
    }: { readonly as?: Kind<T>; readonly unstructured?: boolean } & CallOptions = {},
  ): Promise<StoredObject<T>> => {
    const key = requireKey(context, given, { unstructured })
    signal?.throwIfAborted()
    const settings = { unstructured: allowsUnstructured(context, { unstructured }), signal }
    const stored = ({ version, location }: RawEntry, object: KubernetesObject): StoredObject<T> => ({
      key,
      object: giveAway<T>(context, inVersion(context, object, as)),
      version,
      location,
    })
    const entry = raw.known?.(key)
    const known = entry && context.reader.known(entry, settings)
    if (entry !== undefined && known !== undefined) return stored(entry, known)
    const document = await raw.read(key, { signal })
    return stored(document, await context.reader.read(document, settings))
  }

  const toStored = <T extends KubernetesObject>({ entry, object }: Selected): StoredObject<T> => ({
    key: entry.key,
    object: giveAway<T>(context, object),
    version: entry.version,
    location: entry.location,
  })

  async function list<T extends KubernetesObject>(
    kind: Kind<T> | GroupKind,
    options: ListOptions<T> & Partial<Paged> = {},
  ): Promise<unknown> {
    const { entries, selected } = await selectEntries<T>(context, kind, options)
    const convert = (item: Selected): StoredObject<T> | T =>
      options.entries === true ? toStored<T>(item) : giveAway<T>(context, item.object)
    if (options.limit === undefined) return selected.map(convert)
    const { limit, continue: token } = options
    const page: Page<Selected> = takePage(
      selected,
      { limit, continue: token },
      { kind, state: listState(entries) },
    )
    return { ...page, items: page.items.map(convert) }
  }

  return {
    read,
    list: list as ReadStorage['list'],
    keyOf: context.keyOf,
    checksum: async (key, options) => await raw.checksum(requireKey(context, key), options),
    async get<T extends KubernetesObject>(key: ObjectKey, options = {}) {
      return (await read<T>(key, options)).object
    },
    async getMeta(given, { signal } = {}) {
      const key = requireKey(context, given)
      const object = await context.reader.readMeta(await raw.read(key, { signal }), {
        unstructured: allowsUnstructured(context, {}),
        signal,
      })
      return partialCopy(object)
    },
    async listMeta(kind, options = {}) {
      const { selected } = await selectEntries<PartialObject>(context, kind, options, 'metadata')
      return selected.map(({ object }) => partialCopy(object))
    },
    async find<T extends KubernetesObject>(
      kind: Kind<T> | GroupKind,
      options: ListOptions<T> = {},
    ): Promise<T> {
      const { selected } = await selectEntries<T>(context, kind, options)
      const [first, ...others] = selected
      if (first === undefined) {
        const message = `No ${formatGroupKind(kind)} matches`
        throw storageErrors.create('NOT_FOUND', message, { kind: { group: kind.group, kind: kind.kind } })
      }
      if (others.length > 0) throw ambiguous(kind, selected)
      return giveAway<T>(context, first.object)
    },
    async count<T extends KubernetesObject>(kind: Kind<T> | GroupKind, options: ListOptions<T> = {}) {
      const { labels, filter, listFilters, index, namespace, signal } = options
      if (labels !== undefined || filter !== undefined || listFilters !== undefined || index !== undefined) {
        return (await selectEntries<T>(context, kind, options)).selected.length
      }
      requireKind(context, kind, options)
      const entries = await raw.list({ group: kind.group, kind: kind.kind }, { signal })
      if (namespace === undefined) return entries.length
      return entries.filter(({ key }) => key.namespace === namespace).length
    },
    async kinds(options = {}) {
      const { scheme } = context.options.serializer
      const unstructured = allowsUnstructured(context, options)
      const found: GroupKind[] = []
      for (const { key } of await raw.list(undefined, { signal: options.signal })) {
        const last = found.at(-1)
        if (last?.group === key.group && last.kind === key.kind) continue
        if (unstructured || scheme.versionsOf(key).length > 0)
          found.push({ group: key.group, kind: key.kind })
      }
      return found
    },
  }
}

function partialCopy({ apiVersion, kind, metadata }: KubernetesObject): PartialObject {
  return toPartialObject({ apiVersion, kind, metadata: copyValue(metadata) })
}

function ambiguous(kind: GroupKind, selected: readonly Selected[]): Error {
  const matches = selected.map(({ entry: { key, location } }) => ({ key, location }))
  const shown = matches.slice(0, 5).map(({ key, location }) => `${formatName(key)} (${location.path})`)
  const more = matches.length > shown.length ? `, and ${matches.length - shown.length} more` : ''
  return storageErrors.create(
    'AMBIGUOUS_FIND',
    `${matches.length} objects of ${formatGroupKind(kind)} match, not one: ${shown.join(', ')}${more}`,
    { kind: { group: kind.group, kind: kind.kind }, matches },
  )
}
