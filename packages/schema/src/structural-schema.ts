import { isRecord, setOwn } from '@lg/runtime'
import { copyJson, type JsonSchema } from './json-value.ts'

/** A part of a CRD's schema that is not judged here; the API server judges it. */
export interface IgnoredKeyword {
  readonly path: readonly string[]
  readonly keyword: string
  readonly reason: string
}

export interface TranslatedSchema {
  readonly schema: JsonSchema
  readonly ignored: readonly IgnoredKeyword[]
}

/** Formats that mean the same in JSON Schema as in the API server. */
const sharedFormats: ReadonlySet<string> = new Set([
  ...['date', 'date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'],
])
/** Formats that only tell how a number or a string is held, or that bounds express. */
const silentFormats: ReadonlySet<string> = new Set([
  'int32',
  'int64',
  'float',
  'double',
  'password',
  'int-or-string',
])
const schemaKeywords: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not'])
const listKeywords: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf'])

/**
 * The JSON Schema (2020-12) of a structural schema (Kubernetes' `openAPIV3Schema`): `nullable`,
 * `x-kubernetes-int-or-string` and boolean exclusive bounds are put in its terms, what `x-kubernetes-*` says of unknown
 * fields stays. A map that names no fields has none, as the API server prunes them.
 */
export function translateStructuralSchema(source: JsonSchema): TranslatedSchema {
  const ignored: IgnoredKeyword[] = []
  return { schema: translate(source, [], ignored, true), ignored }
}

function translate(
  source: JsonSchema,
  path: readonly string[],
  ignored: IgnoredKeyword[],
  isStructure: boolean,
): Record<string, unknown> {
  const target: Record<string, unknown> = {}
  const inner = (part: unknown, name: string, structure: boolean): unknown =>
    isRecord(part) ? translate(part, [...path, name], ignored, structure) : part
  for (const [key, value] of Object.entries(source)) {
    if (key === 'properties' && isRecord(value)) {
      target[key] = mapValues(value, (part, name) => inner(part, name, isStructure))
    } else if (schemaKeywords.has(key)) target[key] = inner(value, key, isStructure && key !== 'not')
    else if (listKeywords.has(key) && Array.isArray(value))
      target[key] = value.map((part) => inner(part, key, false))
    else if (!isForeign(key, value, path, ignored)) target[key] = copyJson(value)
  }
  bounds(source, target)
  if (source['x-kubernetes-int-or-string'] === true) {
    delete target['type']
    target['anyOf'] = [{ type: 'integer' }, { type: 'string' }]
  }
  if (source['nullable'] === true && typeof source['type'] === 'string')
    target['type'] = [source['type'], 'null']
  if (source['x-kubernetes-embedded-resource'] === true) embed(target)
  if (isStructure && isClosedMap(source)) target['properties'] = {}
  return target
}

/** Keywords that JSON Schema does not have, or that mean something else there. */
function isForeign(key: string, value: unknown, path: readonly string[], ignored: IgnoredKeyword[]): boolean {
  const ignore = (reason: string): true => {
    ignored.push({ path, keyword: key, reason })
    return true
  }
  if (key === 'nullable' || key === 'exclusiveMinimum' || key === 'exclusiveMaximum') return true
  if (key === 'x-kubernetes-validations') return ignore('CEL rules are not evaluated')
  if (key === 'format') {
    if (sharedFormats.has(String(value))) return false
    return silentFormats.has(String(value)) || ignore(`the format ${String(value)} is not checked`)
  }
  if (key === 'pattern' && !isPattern(value))
    return ignore('the pattern is no regular expression of JavaScript')
  return false
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === 'string' && new RegExp(value, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function bounds(source: JsonSchema, target: Record<string, unknown>): void {
  const pairs = [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const
  for (const [bound, exclusive] of pairs) {
    if (source[exclusive] !== true || source[bound] === undefined) continue
    target[exclusive] = source[bound]
    delete target[bound]
  }
  const range = source['type'] === 'integer' ? ranges.get(String(source['format'])) : undefined
  if (range === undefined) return
  target['minimum'] ??= range[0]
  target['maximum'] ??= range[1]
}

const ranges: ReadonlyMap<string, readonly [number | bigint, number | bigint]> = new Map([
  ['int32', [-(2 ** 31), 2 ** 31 - 1]],
  ['int64', [-(2n ** 63n), 2n ** 63n - 1n]],
])

/** An object inside of an object: it has a type, and may have metadata. */
function embed(target: Record<string, unknown>): void {
  const properties = isRecord(target['properties']) ? target['properties'] : undefined
  const text = { type: 'string' }
  if (properties !== undefined) {
    target['properties'] = { apiVersion: text, kind: text, metadata: { type: 'object' }, ...properties }
  }
  const required = Array.isArray(target['required']) ? (target['required'] as unknown[]) : []
  target['required'] = [...new Set([...required, 'apiVersion', 'kind'])]
}

/** A map of which nothing is said: the API server prunes all that is in it. */
function isClosedMap(source: JsonSchema): boolean {
  return (
    source['type'] === 'object' &&
    source['properties'] === undefined &&
    source['additionalProperties'] === undefined &&
    source['x-kubernetes-preserve-unknown-fields'] !== true &&
    source['x-kubernetes-embedded-resource'] !== true
  )
}

function mapValues(
  source: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  const target: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(source)) setOwn(target, key, change(value, key))
  return target
}
