import { defineErrors, type ErrorFamily } from '@lg/runtime'

/** The codes of `@lg/schema`. */
export interface SchemaErrors {
  /** The JSON Schema itself cannot be used. */
  INVALID_JSON_SCHEMA: { readonly reason: string }
  /** The value is no CustomResourceDefinition; `path` says where it is not. */
  INVALID_CRD: { readonly path: readonly string[]; readonly reason: string }
}

export const schemaErrors: ErrorFamily<SchemaErrors> = defineErrors()
