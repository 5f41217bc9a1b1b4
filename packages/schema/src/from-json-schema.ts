import { Validator, type OutputUnit, type Schema, type SchemaDraft } from '@cfworker/json-schema'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { isRecord, type KubernetesObject, type UnstructuredObject } from '@lg/runtime'
import { applyDefaults, dropDefaultedNulls } from './defaults.ts'
import { schemaErrors } from './errors.ts'
import { copyJson, toDouble, type JsonSchema } from './json-value.ts'

/** A JSON Schema that speaks Standard Schema and Standard JSON Schema: what `register` of a scheme takes. */
export type JsonObjectSchema<T extends KubernetesObject = UnstructuredObject> = StandardSchemaV1<T> &
  StandardJSONSchemaV1<T>

export interface JsonSchemaOptions {
  /** Default: what `$schema` names, else 2020-12. */
  readonly draft?: SchemaDraft | undefined
}

/**
 * Makes a schema for objects from a JSON Schema (draft 4, 7, 2019-09 or 2020-12), without code generation. The schema
 * judges and fills: the output is a copy of the value with the defaults of the schema where it has no entry. A `bigint`
 * is an integer. `$ref` may point within the schema only.
 *
 * A type that is known at compile time may be named: `fromJsonSchema<Car>(schema)`; nothing checks that it fits.
 *
 * @throws {LgError} `INVALID_JSON_SCHEMA`.
 */
export function fromJsonSchema<T extends KubernetesObject = UnstructuredObject>(
  schema: JsonSchema,
  options: JsonSchemaOptions = {},
): JsonObjectSchema<T> {
  if (!isRecord(schema)) {
    throw schemaErrors.create('INVALID_JSON_SCHEMA', 'A JSON Schema is a map', { reason: 'not a map' })
  }
  const validator = compile(schema, options.draft ?? draftOf(schema))
  const converter = { input: () => copyJson(schema), output: () => copyJson(schema) }
  return {
    '~standard': {
      version: 1,
      vendor: '@lg/schema',
      jsonSchema: converter,
      validate(value) {
        const judged = copyJson(value, toDouble)
        dropDefaultedNulls(judged, schema)
        applyDefaults(judged, schema)
        const { valid, errors } = validator.validate(judged)
        if (!valid) return { issues: toIssues(errors, value) }
        const output = copyJson(value)
        applyDefaults(output, schema)
        return { value: output as T }
      },
    },
  }
}

function compile(schema: JsonSchema, draft: SchemaDraft): Validator {
  try {
    // The validator writes into the schema that it is given.
    const validator = new Validator(copyJson(schema, toDouble) as Schema, draft, false)
    validator.validate({})
    return validator
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw schemaErrors.create(
      'INVALID_JSON_SCHEMA',
      `Not a usable JSON Schema: ${reason}`,
      { reason },
      { cause },
    )
  }
}

const drafts: readonly (readonly [string, SchemaDraft])[] = [
  ['2020-12', '2020-12'],
  ['2019-09', '2019-09'],
  ['draft-07', '7'],
  ['draft-06', '7'],
  ['draft-04', '4'],
]

function draftOf({ $schema }: JsonSchema): SchemaDraft {
  const named = typeof $schema === 'string' ? drafts.find(([name]) => $schema.includes(name)) : undefined
  return named?.[1] ?? '2020-12'
}

/** Keywords whose error only says that one inside of it failed. */
const wrappers: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', 'additionalProperties', 'items', 'prefixItems', 'additionalItems'],
  ...['$ref', 'allOf', 'if', 'then', 'else', 'unevaluatedProperties', 'unevaluatedItems'],
])
const alternatives: ReadonlySet<string> = new Set(['anyOf', 'oneOf'])

/** One issue a fault: of an alternative that fits nowhere the alternative itself, not what each branch says. */
function toIssues(errors: readonly OutputUnit[], value: unknown): StandardSchemaV1.Issue[] {
  const branches = errors
    .filter(({ keyword }) => alternatives.has(keyword))
    .map(({ keywordLocation }) => keywordLocation)
  const own = errors.filter(({ keyword, keywordLocation }) => {
    const inside = branches.some((branch) => keywordLocation.startsWith(`${branch}/`))
    return !inside && !wrappers.has(keyword)
  })
  const telling = own.length > 0 ? own : errors.slice(-1)
  return telling.map(({ instanceLocation, error }) => ({
    message: error,
    path: toPath(instanceLocation, value),
  }))
}

/** `#/spec/ports/0` as a path: a part is an index where the value has a list. */
function toPath(location: string, value: unknown): (string | number)[] {
  const path: (string | number)[] = []
  let at = value
  for (const part of location.split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    const step = Array.isArray(at) ? Number(key) : key
    path.push(step)
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined
  }
  return path
}
