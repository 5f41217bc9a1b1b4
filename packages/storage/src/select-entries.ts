import { filterErrors, labelSelector, type ListFilter, type ObjectFilter } from '@lg/filter'
import { formatApiVersion, isLgError, type GroupKind, type Kind, type KubernetesObject } from '@lg/runtime'
import type { RawEntry } from '@lg/storage-raw'
import { freezeValue } from './copy-value.ts'
import type { ListOptions } from './storage.ts'
import {
  allowsUnstructured,
  inVersion,
  requireKind,
  versionOf,
  type StorageContext,
} from './storage-context.ts'

/** One object of a list, shared: copy it before giving it away. */
export interface Selected {
  readonly entry: RawEntry
  readonly object: KubernetesObject
}

export interface Selection {
  /** What is stored of the kind and namespace, before any filter. */
  readonly entries: readonly RawEntry[]
  readonly selected: readonly Selected[]
}

/**
 * The objects of a list, and what they were chosen from.
 *
 * @param depth `metadata`: objects have type and metadata only, and are checked no further.
 */
export async function selectEntries<T extends KubernetesObject>(
  context: StorageContext,
  kind: Kind<T> | GroupKind,
  options: ListOptions<T>,
  depth: 'metadata' | 'all' = 'all',
): Promise<Selection> {
  requireKind(context, kind, options)
  const { namespace, labels, filter, listFilters = [], index, signal } = options
  const filters: ObjectFilter<T>[] = []
  if (labels !== undefined) filters.push(labelSelector(labels))
  if (filter !== undefined) filters.push(filter)
  for (const given of [...filters, ...listFilters]) {
    if (typeof given !== 'function') throw invalidFilter(`${String(given)} is not a function`)
  }

  const settings = { unstructured: allowsUnstructured(context, options), signal }
  const stored = await context.options.raw.list({ group: kind.group, kind: kind.kind }, { signal })
  const entries = namespace === undefined ? stored : stored.filter(({ key }) => key.namespace === namespace)
  const wanted = index === undefined ? entries : await context.reader.withIndexValue(entries, index, settings)
  const read =
    depth === 'metadata' ?
      await context.reader.readAllMeta(wanted, settings)
    : await context.reader.readAll(wanted, settings)

  const versioned = depth === 'metadata' ? read : inWantedVersion(context, kind, read)
  if (filters.length === 0 && listFilters.length === 0) return { entries, selected: versioned }
  const selected: Selected[] = []
  for (const item of versioned) {
    // What filters get is shared.
    const object = freezeValue(item.object)
    if (filters.every((keeps) => keeps(object as T))) selected.push(item)
  }
  return { entries, selected: listFilters.length === 0 ? selected : applyListFilters(selected, listFilters) }
}

function inWantedVersion(
  context: StorageContext,
  kind: Kind<never> | GroupKind,
  items: readonly Selected[],
): readonly Selected[] {
  const version = versionOf(kind)
  if (version === undefined) return items
  const apiVersion = formatApiVersion(version)
  if (items.every(({ object }) => object.apiVersion === apiVersion)) return items
  return items.flatMap((item) => {
    try {
      return [{ entry: item.entry, object: inVersion(context, item.object, version) }]
    } catch (error) {
      if (!isLgError(error)) throw error
      const { location, line } = item.entry
      context.reader.report({ type: 'invalid', location, line, message: error.message }, error)
      return []
    }
  })
}

/** List filters see objects; what they give back is found again by identity. */
function applyListFilters<T extends KubernetesObject>(
  selected: readonly Selected[],
  listFilters: readonly ListFilter<T>[],
): readonly Selected[] {
  const byObject = new Map<KubernetesObject, Selected>(selected.map((item) => [item.object, item]))
  let objects: readonly T[] = selected.map(({ object }) => object as T)
  for (const listFilter of listFilters) {
    objects = listFilter(objects)
    if (!Array.isArray(objects)) throw invalidFilter('a list filter returned something else than a list')
  }
  return objects.map((object) => {
    const item = byObject.get(object)
    if (item !== undefined) return item
    throw invalidFilter('a list filter returned an object that it was not given')
  })
}

function invalidFilter(reason: string): Error {
  return filterErrors.create('INVALID_FILTER', `Not a filter: ${reason}`, { filter: 'list', reason })
}
