import { equalValues, isRecord } from '@lg/runtime'
import mergePatch from 'json-merge-patch'
import { describe, patchErrors, type PatchPath } from './errors.ts'
import { requirePlain } from './plain-value.ts'
import { shield, unshield } from './shield.ts'

/**
 * The JSON merge patch (RFC 7396) that leads from one value to another; `{}` when they are equal.
 *
 * @throws {LgError} `NOT_REPRESENTABLE` when a field would have to become `null`, which in a merge patch means removal.
 * @example
 * ```ts
 * createMergePatch({ status: { speed: 1 } }, { status: { speed: 24.7 } }) // { status: { speed: 24.7 } }
 * ```
 */
export function createMergePatch(from: unknown, to: unknown): unknown {
  if (equalValues(from, to)) return {}
  const patch = unshield(mergePatch.generate(shield(from), shield(to)))
  if (!equalValues(applyMergePatch(from, patch), to)) {
    const path = findNull(from, to, []) ?? []
    const reason = 'would become null, which in a merge patch means that it is removed'
    throw patchErrors.create('NOT_REPRESENTABLE', `No merge patch: ${describe(path)} ${reason}`, {
      path,
      reason,
    })
  }
  return patch
}

/**
 * What a merge patch (RFC 7396) makes of a value. Neither is changed.
 *
 * @throws {LgError} `INVALID_PATCH` for what no document can hold, such as a function or a `Date`.
 */
export function applyMergePatch(value: unknown, patch: unknown): unknown {
  requirePlain(patch)
  return unshield(mergePatch.apply(shield(value) as object, shield(patch) as object))
}

/** The first field that is null in `to` and something else in `from`. */
function findNull(from: unknown, to: unknown, path: PatchPath): PatchPath | undefined {
  if (to === null) return path
  if (!isRecord(to)) return undefined
  for (const [key, item] of Object.entries(to)) {
    const before = isRecord(from) && Object.hasOwn(from, key) ? from[key] : undefined
    if (equalValues(before, item)) continue
    const found = findNull(before, item, [...path, key])
    if (found !== undefined) return found
  }
  return undefined
}
