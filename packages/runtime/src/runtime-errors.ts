import { defineErrors, type ErrorFamily } from './errors.ts'
import type { GroupKind, GroupVersionKind } from './kind.ts'

/** The codes of `@lg/runtime`. */
export interface RuntimeErrors {
  /** A value does not carry what an object needs (apiVersion, kind, metadata.name). */
  INVALID_OBJECT: { readonly path: readonly string[]; readonly reason: string }
  /** A key's part is empty, or not a string. */
  INVALID_KEY: { readonly part: string; readonly reason: string }
  /** A path that lg never hands to a file system or to Git. */
  INVALID_PATH: { readonly path: string; readonly reason: string }
  /** No identifier could name the object (neither namespace/name nor uid). */
  NOT_IDENTIFIABLE: { readonly kind: string }
  /** JSON text that does not parse. `line` and `column` count from 1. */
  INVALID_JSON: { readonly line: number; readonly column: number; readonly offset: number }
  /** A value that JSON cannot hold (a function, NaN, a cycle). */
  NOT_SERIALIZABLE: { readonly path: readonly (string | number)[]; readonly reason: string }
  /** A registration that contradicts itself or an earlier one. */
  INVALID_SCHEME: { readonly kind: GroupVersionKind; readonly reason: string }
  UNRECOGNIZED_GROUP: { readonly kind: GroupVersionKind; readonly known: readonly string[] }
  UNRECOGNIZED_VERSION: { readonly kind: GroupVersionKind; readonly known: readonly string[] }
  UNRECOGNIZED_KIND: { readonly kind: GroupKind; readonly known: readonly string[] }
}

export const runtimeErrors: ErrorFamily<RuntimeErrors> = defineErrors()
