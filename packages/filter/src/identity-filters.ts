import { defaultNamespace, type KubernetesObject } from '@lg/runtime'
import { metadataFilter } from './combine.ts'
import { invalidFilter } from './errors.ts'
import type { ListFilter, ObjectFilter } from './filter.ts'

export interface NameFilterOptions {
  readonly name: string
  /** Only in this namespace; an object that states none is in `default`. Default: in any. */
  readonly namespace?: string | undefined
  /** Also names that begin with `name`. Default false. */
  readonly matchPrefix?: boolean | undefined
}

export interface UidFilterOptions {
  readonly uid: string
  /** Also uids that begin with `uid`. Default false. */
  readonly matchPrefix?: boolean | undefined
}

/**
 * Objects of a name.
 *
 * @throws {LgError} `INVALID_FILTER` for an empty name.
 * @example
 * ```ts
 * await storage.list(Car, { filter: nameFilter({ name: 'foo', matchPrefix: true }) })
 * ```
 */
export function nameFilter(options: NameFilterOptions): ObjectFilter {
  const { name, namespace, matchPrefix = false } = options
  if (!isFilled(name)) throw invalidFilter('name', 'the name is empty')
  return metadataFilter(({ metadata }) => {
    if (namespace !== undefined && (metadata.namespace || defaultNamespace) !== namespace) return false
    return matches(metadata.name, name, matchPrefix)
  })
}

/**
 * Objects of a uid.
 *
 * @throws {LgError} `INVALID_FILTER` for an empty uid.
 */
export function uidFilter(options: UidFilterOptions): ObjectFilter {
  const { uid, matchPrefix = false } = options
  if (!isFilled(uid)) throw invalidFilter('uid', 'the uid is empty')
  return metadataFilter(({ metadata }) => matches(metadata.uid, uid, matchPrefix))
}

/**
 * What a person means by the beginning of a name or uid: the objects that have exactly it, and when there are none,
 * those that begin with it.
 *
 * @throws {LgError} `INVALID_FILTER` for an empty text.
 */
export function nameOrUidPrefix(text: string): ListFilter {
  if (!isFilled(text)) throw invalidFilter('name', 'the beginning of a name is empty')
  const holds = ({ metadata }: KubernetesObject, prefix: boolean): boolean =>
    matches(metadata.name, text, prefix) || matches(metadata.uid, text, prefix)
  return (objects) => {
    const exact = objects.filter((object) => holds(object, false))
    return exact.length > 0 ? exact : objects.filter((object) => holds(object, true))
  }
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== ''

const matches = (value: string | undefined, wanted: string, prefix: boolean): boolean =>
  typeof value === 'string' && (prefix ? value.startsWith(wanted) : value === wanted)
