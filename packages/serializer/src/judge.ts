import { isRecord, type CallOptions, type Kind } from '@lg/runtime'
import type { FieldPath } from './errors.ts'
import { jsonSchemaOf, unknownByOutput, unknownBySchema, type UnknownFields } from './known-fields.ts'

/** What a kind's schema says of a value. It never changes the value. */
interface Judgement {
  readonly mismatches: readonly { readonly path: FieldPath; readonly message: string }[]
  /** Fields that the schema does not know; `undefined` when it cannot tell. Empty unless asked for. */
  readonly unknownFields: readonly FieldPath[] | undefined
  /** What the schema made of the value, when it accepts it: for defaults only. */
  readonly output: unknown
}

/** Asks the schemas of kinds; works out once per kind which fields its JSON Schema knows. */
export interface Judge {
  judge(kind: Kind, value: unknown, options: CallOptions & { readonly strict: boolean }): Promise<Judgement>
}

export function createJudge(): Judge {
  const bySchema = new WeakMap<Kind, { readonly find: UnknownFields | undefined }>()
  const finderOf = (kind: Kind): UnknownFields | undefined => {
    const known = bySchema.get(kind)
    if (known !== undefined) return known.find
    const schema = jsonSchemaOf(kind)
    const find = schema === undefined ? undefined : unknownBySchema(schema)
    bySchema.set(kind, { find })
    return find
  }
  return {
    async judge(kind, value, { strict, signal }) {
      const pending = kind.schema['~standard'].validate(value)
      const result = pending instanceof Promise ? await pending : pending
      signal?.throwIfAborted()
      const issues = result.issues ?? []
      // Some libraries give the output of what they refuse too, as far as they got.
      const output = 'value' in result ? result.value : undefined
      const find = strict ? finderOf(kind) : undefined
      const unknownFields =
        !strict ? []
        : find !== undefined ? find(value)
        : output === undefined ? []
        : unknownByOutput(value, output)
      return {
        mismatches: issues.map(({ path = [], message }) => ({ path: path.map(segment), message })),
        unknownFields,
        output: issues.length === 0 ? output : undefined,
      }
    },
  }
}

function segment(part: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = isRecord(part) ? (part as { readonly key: PropertyKey }).key : part
  return typeof key === 'number' ? key : String(key)
}
