import type { Oid } from '@lg/git'
import { formatKey, type KubernetesObject, type ObjectKey } from '@lg/runtime'
import type { DocumentState } from './document-state.ts'
import { storageGitErrors } from './errors.ts'
import { fieldAt, type FieldPath } from './field-changes.ts'
import type { HistoryEntry } from './history.ts'
import { plannedObject, type PlannedObject } from './plan.ts'

/**
 * What to take back: all that a commit did to objects; the last change of one object, or of one field of it; or what
 * became of either since a commit.
 */
export type Reversion =
  | { readonly commit: string }
  | {
      readonly key: ObjectKey
      /** Only this field. */
      readonly path?: FieldPath | undefined
      /** As it was at this revision. Default: before its last change. */
      readonly to?: string | undefined
    }

/** The change that takes an object back to an earlier state; none when it is in it. */
export function objectReversion(
  key: ObjectKey,
  now: DocumentState | undefined,
  then: DocumentState | undefined,
): readonly PlannedObject[] {
  const planned = plannedObject(key, now, then)
  if (planned === undefined) return []
  // Where the object stands now is not what is taken back.
  return planned.operation === 'move' ? [] : [planned]
}

/** The object with one field as it was in an earlier state. */
export function withField(now: KubernetesObject, then: KubernetesObject, path: FieldPath): KubernetesObject {
  const copy = structuredClone(now)
  const last = path.at(-1)
  const value = structuredClone(fieldAt(then, path))
  if (last === undefined) return copy
  let parent: unknown = copy
  path.slice(0, -1).forEach((part, depth) => {
    if (fieldAt(parent, [part]) === undefined)
      put(parent, part, typeof path[depth + 1] === 'number' ? [] : {})
    parent = fieldAt(parent, [part])
  })
  put(parent, last, value)
  return copy
}

function put(parent: unknown, part: string | number, value: unknown): void {
  if (typeof parent !== 'object' || parent === null) return
  if (Array.isArray(parent) && value === undefined) parent.splice(Number(part), 1)
  else if (value === undefined) Reflect.deleteProperty(parent, part)
  else Object.defineProperty(parent, part, { value, configurable: true, enumerable: true, writable: true })
}

/** The state that an object, or a field of it, had before its last change. */
export async function stateBefore(
  history: AsyncIterable<HistoryEntry>,
  key: ObjectKey,
  path: FieldPath | undefined,
): Promise<HistoryEntry> {
  for await (const entry of history) {
    const isChange = path === undefined || entry.fields.some(({ path: changed }) => overlaps(changed, path))
    if (isChange) return entry
  }
  const what = path === undefined ? '' : ` in ${path.join('.')}`
  throw storageGitErrors.create(
    'NOTHING_TO_REVERT',
    `No commit is known that changed ${formatKey(key)}${what}`,
    { key },
  )
}

const overlaps = (a: FieldPath, b: FieldPath): boolean => {
  const length = Math.min(a.length, b.length)
  return a.slice(0, length).every((part, at) => part === b[at])
}

/** Words for a commit that takes something back. */
export function revertTitle(what: Reversion, commit: Oid | undefined): string {
  if ('commit' in what) return `Revert ${(commit ?? what.commit).slice(0, 12)}`
  const field = what.path === undefined ? '' : `${what.path.join('.')} of `
  return `Revert ${field}${formatKey(what.key)}`
}
