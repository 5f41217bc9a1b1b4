import { isRecord, type CallOptions, type Kind } from '@lg/runtime'
import type { FieldPath } from './errors.ts'
import {
  jsonSchemaOf,
  listKeysBySchema,
  unknownByOutput,
  unknownBySchema,
  type ListKeys,
  type UnknownFields,
} from './known-fields.ts'

/** What a kind's schema says of a value. It never changes the value. */
interface Judgement {
  readonly mismatches: readonly { readonly path: FieldPath; readonly message: string }[]
  /** Fields that the schema does not know; `undefined` when it cannot tell. Empty unless asked for. */
  readonly unknownFields: readonly FieldPath[] | undefined
  /** What the schema made of the value, when it accepts it: for defaults only. */
  readonly output: unknown
}

/** What the JSON Schema of a kind tells; nothing where there is none. */
interface SchemaKnowledge {
  readonly findUnknown: UnknownFields | undefined
  readonly listKeys: ListKeys | undefined
}

/** Asks the schemas of kinds; works out once per kind which fields its JSON Schema knows. */
export interface Judge {
  judge(kind: Kind, value: unknown, options: CallOptions & { readonly strict: boolean }): Promise<Judgement>
  /** The merge keys of the kind's lists, where its schema has a JSON Schema. */
  listKeys(kind: Kind): ListKeys | undefined
}

export function createJudge(): Judge {
  const bySchema = new WeakMap<Kind, SchemaKnowledge>()
  const knowledgeOf = (kind: Kind): SchemaKnowledge => {
    const known = bySchema.get(kind)
    if (known !== undefined) return known
    const schema = jsonSchemaOf(kind)
    const knowledge: SchemaKnowledge =
      schema === undefined ?
        { findUnknown: undefined, listKeys: undefined }
      : { findUnknown: unknownBySchema(schema), listKeys: listKeysBySchema(schema) }
    bySchema.set(kind, knowledge)
    return knowledge
  }
  return {
    listKeys: (kind) => knowledgeOf(kind).listKeys,
    async judge(kind, value, { strict, signal }) {
      const pending = kind.schema['~standard'].validate(value)
      const result = pending instanceof Promise ? await pending : pending
      signal?.throwIfAborted()
      const issues = result.issues ?? []
      // Some libraries give the output of what they refuse too, as far as they got.
      const output = 'value' in result ? result.value : undefined
      const find = strict ? knowledgeOf(kind).findUnknown : undefined
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
