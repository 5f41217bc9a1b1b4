import { defineErrors, type ErrorFamily } from '@lg/runtime'

/** Keys and indices from the root of a value. */
export type PatchPath = readonly (string | number)[]

/** The codes of `@lg/patch`. */
export interface PatchErrors {
  /** Not a patch of this type at all: wrong shape, unknown operation, a list item without its merge key. */
  INVALID_PATCH: { readonly path: PatchPath; readonly reason: string }
  /** A patch that does not fit this value: a path that is not there, a failed test. `operation` counts from 0. */
  PATCH_FAILED: { readonly path: PatchPath; readonly reason: string; readonly operation?: number | undefined }
  /** No patch of this type leads from the one value to the other: a merge patch cannot set a field to null. */
  NOT_REPRESENTABLE: { readonly path: PatchPath; readonly reason: string }
}

export const patchErrors: ErrorFamily<PatchErrors> = defineErrors()

export function invalidPatch(path: PatchPath, reason: string): Error {
  return patchErrors.create('INVALID_PATCH', `Not a patch: ${describe(path)} ${reason}`, { path, reason })
}

export function describe(path: PatchPath): string {
  return path.length === 0 ? 'the value' : path.join('.')
}
