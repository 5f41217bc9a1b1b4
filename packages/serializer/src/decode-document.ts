import {
  asObject,
  formatApiVersion,
  formatGroupKind,
  groupVersionKindOf,
  isLgError,
  isRecord,
  runtimeErrors,
  type CallOptions,
  type GroupVersionKind,
  type Kind,
  type KubernetesObject,
  type Scheme,
} from '@lg/runtime'
import type { ContentType } from './content-type.ts'
import type { Converter } from './converter.ts'
import type { DecodeOptions } from './decode-options.ts'
import { fillFromKind, fillFromOutput } from './defaulter.ts'
import { serializerErrors, type Fault } from './errors.ts'
import { withCommentSource } from './comment-annotation.ts'
import type { Judge } from './judge.ts'
import { parseJsonDocument } from './json/json-document.ts'
import { faultLimit, formatPlace, type DocumentPlace, type ParsedDocument } from './parsed-document.ts'
import { atPlace } from './place.ts'
import type { FilledField, Source, Sources } from './source.ts'
import { parseYamlDocument } from './yaml-document.ts'

/** What decoding needs besides its options. */
export interface DecodeContext {
  readonly scheme: Scheme
  readonly judge: Judge
  readonly sources: Sources
  readonly converter: Converter
}

/** One document to decode. */
export interface DocumentText extends DocumentPlace {
  readonly text: string
  readonly contentType: ContentType
  /** What stood before it in its stream. */
  readonly separator: string
  /** Its number in its stream, from 0. */
  readonly index?: number | undefined
  /** Only a part of the text is the object, so the text cannot be edited to become it. */
  readonly isPart?: boolean | undefined
}

export function parseDocument(document: DocumentText): ParsedDocument {
  return document.contentType === 'application/json' ?
      parseJsonDocument(document.text, document)
    : parseYamlDocument(document.text, document)
}

/**
 * Checks the value of a document and makes it an object: the value itself, whose text is remembered, then filled and
 * converted as the options say.
 */
export async function toObject(
  context: DecodeContext,
  document: DocumentText,
  parsed: ParsedDocument,
  options: DecodeOptions & CallOptions,
): Promise<KubernetesObject> {
  try {
    return await decodeValue(context, document, parsed, options)
  } catch (error) {
    throw isLgError(error) && 'faults' in error.details ? error : atPlace(error, document)
  }
}

async function decodeValue(
  { scheme, judge, sources, converter }: DecodeContext,
  document: DocumentText,
  parsed: ParsedDocument,
  {
    strict = true,
    defaults = false,
    convertToHub = false,
    decodeUnknown = false,
    ...options
  }: DecodeOptions & CallOptions,
): Promise<KubernetesObject> {
  const { object, filled } = withMetadata(parsed.value)
  const gvk = groupVersionKindOf(object)
  const kind = decodeUnknown ? scheme.find(gvk) : scheme.get(gvk)
  const duplicates = strict ? duplicateFaults(parsed) : []
  if (kind === undefined) {
    refuse(gvk, duplicates, document)
  } else {
    if (defaults) filled.push(...fillFromKind(kind, object))
    const judgement = await judge.judge(kind, object, { strict, signal: options.signal })
    if (judgement.unknownFields === undefined) throw strictUnsupported(kind)
    refuse(gvk, [...duplicates, ...faultsOf(judgement, parsed)], document)
    if (defaults) filled.push(...fillFromOutput(object, judgement.output))
  }
  const source: Source = {
    text: document.isPart === true ? undefined : document.text,
    contentType: document.contentType,
    separator: document.separator,
    first: document.index === 0,
    trailing: '',
    filled,
  }
  sources.markRead(formatGroupKind(gvk))
  const result = options.commentAnnotation === true ? withCommentSource(object, document.text) : object
  sources.set(result, source)
  return convertToHub && kind !== undefined ? converter.convertToHub(result) : result
}

/** The value as an object; where it has no metadata at all, an empty one stands in, which is never written. */
function withMetadata(value: unknown): { object: KubernetesObject; filled: FilledField[] } {
  if (!isRecord(value) || Object.hasOwn(value, 'metadata')) return { object: asObject(value), filled: [] }
  const { apiVersion, kind } = value
  asObject({ apiVersion, kind, metadata: {} })
  value['metadata'] = {}
  return { object: asObject(value), filled: [{ path: ['metadata'], value: {} }] }
}

function duplicateFaults(parsed: ParsedDocument): Fault[] {
  return parsed.duplicateKeys().map(({ path, position }) => ({
    type: 'duplicateKey',
    path,
    message: 'stands twice in its map',
    ...position,
  }))
}

function faultsOf(
  { unknownFields = [], mismatches }: Awaited<ReturnType<Judge['judge']>>,
  parsed: ParsedDocument,
): Fault[] {
  return [
    ...unknownFields.slice(0, faultLimit).map((path): Fault => ({
      type: 'unknownField',
      path,
      message: 'is not a known field',
      ...parsed.positionOf(path),
    })),
    ...mismatches.slice(0, faultLimit).map(({ path, message }): Fault => ({
      type: 'schema',
      path,
      message,
      ...parsed.positionOf(path),
    })),
  ]
}

function refuse(gvk: GroupVersionKind, faults: readonly Fault[], { path }: DocumentPlace): void {
  if (faults.length === 0) return
  const sorted = faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  const code = sorted.every(({ type }) => type === 'schema') ? 'SCHEMA_MISMATCH' : 'STRICT_DECODING'
  throw serializerErrors.create(code, describeFaults(gvk, sorted, path), { kind: gvk, faults: sorted })
}

/** One line a fault: place, field, reason. */
export function describeFaults(
  gvk: GroupVersionKind,
  faults: readonly Fault[],
  path: string | undefined,
): string {
  const lines = faults.map((fault) => {
    const { line, column } = fault
    const place = line === undefined || column === undefined ? '' : `${formatPlace(path, { line, column })}: `
    return `${place}${fault.path.join('.') || 'the object'}: ${fault.message}`
  })
  return `Invalid ${gvk.kind} in ${formatApiVersion(gvk)}: ${lines.join('; ')}`
}

function strictUnsupported(kind: Kind): Error {
  const { group, version, kind: name } = kind
  return serializerErrors.create(
    'STRICT_UNSUPPORTED',
    `The schema of ${formatGroupKind(kind)} does not tell which fields it knows; decode with strict: false, ` +
      'or give it a schema with Standard JSON Schema',
    { kind: { group, version, kind: name } },
  )
}

/** The document does not hold what was asked for. */
export function notAnObject(document: DocumentPlace, reason: string): unknown {
  const error = runtimeErrors.create('INVALID_OBJECT', `Not an object: ${reason}`, { path: [], reason })
  return atPlace(error, document)
}
