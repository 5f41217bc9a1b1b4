import type { KubernetesObject } from '@lg/runtime'
import type { ListFilter, ObjectFilter } from './filter.ts'

/** Keeps the objects that every filter keeps; without filters, all. */
export function allOf<T extends KubernetesObject>(...filters: readonly ObjectFilter<T>[]): ObjectFilter<T> {
  return withReads((object) => filters.every((filter) => filter(object)), filters)
}

/** Keeps the objects that at least one filter keeps; without filters, none. */
export function anyOf<T extends KubernetesObject>(...filters: readonly ObjectFilter<T>[]): ObjectFilter<T> {
  return withReads((object) => filters.some((filter) => filter(object)), filters)
}

/** Keeps the objects that the filter drops. */
export function not<T extends KubernetesObject>(filter: ObjectFilter<T>): ObjectFilter<T> {
  return withReads((object) => !filter(object), [filter])
}

/** The list filter that keeps what an object filter keeps, in order. */
export function objectToListFilter<T extends KubernetesObject>(filter: ObjectFilter<T>): ListFilter<T> {
  return (objects) => objects.filter((object) => filter(object))
}

/** One list filter from several: each gets the result of the one before. */
export function pipe<T extends KubernetesObject>(...filters: readonly ListFilter<T>[]): ListFilter<T> {
  return (objects) => filters.reduce((kept, filter) => filter(kept), objects)
}

/** A predicate that needs no more of an object than its parts do. */
function withReads<T extends KubernetesObject>(
  predicate: (object: T) => boolean,
  parts: readonly ObjectFilter<T>[],
): ObjectFilter<T> {
  return parts.every(({ reads }) => reads === 'metadata') ? metadataFilter(predicate) : predicate
}

/** Marks a predicate that looks at type and metadata only. */
export function metadataFilter<T extends KubernetesObject>(
  predicate: (object: T) => boolean,
): ObjectFilter<T> {
  return Object.assign((object: T) => predicate(object), { reads: 'metadata' as const })
}
