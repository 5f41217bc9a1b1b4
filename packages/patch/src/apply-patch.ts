import { isRecord } from '@lg/runtime'
import { applyStrategicMergePatch } from './apply-strategic-merge-patch.ts'
import { invalidPatch } from './errors.ts'
import { applyJsonPatch } from './json-patch.ts'
import { applyMergePatch } from './merge-patch.ts'
import type { PatchSchema } from './patch-schema.ts'

/** A patch of any of the three types. */
export type Patch =
  /** JSON merge patch, RFC 7396. */
  | { readonly type: 'merge'; readonly patch: unknown }
  /** Kubernetes' strategic merge patch. */
  | { readonly type: 'strategic'; readonly patch: unknown }
  /** JSON patch, RFC 6902. */
  | { readonly type: 'json'; readonly patch: readonly unknown[] }

/**
 * What a patch makes of a map, such as an object. Neither is changed.
 *
 * @param options.schema names the merge keys for a strategic merge patch.
 * @throws {LgError} `INVALID_PATCH` also for a merge patch that is no map: it would replace the whole; `PATCH_FAILED`.
 */
export function applyPatch(
  value: unknown,
  patch: Patch,
  options: { readonly schema?: PatchSchema | undefined } = {},
): unknown {
  if (!isRecord(patch)) throw invalidPatch([], 'is not a map with type and patch')
  switch (patch.type) {
    case 'merge':
      if (!isRecord(patch.patch)) throw invalidPatch([], 'is not a map')
      return applyMergePatch(value, patch.patch)
    case 'strategic':
      return applyStrategicMergePatch(value, patch.patch, options.schema)
    case 'json':
      return applyJsonPatch(value, patch.patch)
    default:
      throw invalidPatch([], `has no known type, but ${JSON.stringify((patch as { type?: unknown }).type)}`)
  }
}
