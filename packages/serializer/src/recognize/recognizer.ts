import {
  hasTypeMeta,
  isLgError,
  isRecord,
  keyOf,
  parseApiVersion,
  type KindScopes,
  type Scheme,
} from '@lg/runtime'
import { identifyDocuments, isYamlEditError, type DocumentIdentity } from '@lg/yaml-edit'
import { newline } from '../byte-codes.ts'
import { contentTypeOfBytes, contentTypeOfPath, type ContentType } from '../content-type.ts'
import { serializerErrors } from '../errors.ts'
import type { DocumentRange, DocumentScanner } from '../frames/document-scanner.ts'
import { createJsonScanner } from '../frames/json-scanner.ts'
import { createYamlScanner } from '../frames/yaml-scanner.ts'
import { parseJsonDocument } from '../json/json-document.ts'
import { isObjectList } from '../lists.ts'
import type { ParsedDocument } from '../parsed-document.ts'
import { decodeUtf8, encodeUtf8 } from '../utf8.ts'
import { parseYamlDocument } from '../yaml-document.ts'
import type { DocumentProblem, Recognize, RecognizedDocument } from './recognized.ts'

export interface RecognizerOptions {
  /** Says which kinds are cluster-scoped, and which are known at all. */
  readonly scheme?: Scheme | undefined
  /** The namespace of a namespaced object that states none. Default `default`. */
  readonly defaultNamespace?: string | undefined
}

/**
 * Makes the function that says which documents, objects and faults a file holds.
 *
 * Documents of plain YAML are identified by their lines, without parsing; a document with anything unusual before its
 * identity is certain is parsed. A fault in one document leaves the others as they are; a fault inside of a document
 * that is already identified shows when that is decoded.
 *
 * @example
 * ```ts
 * const recognize = createRecognizer({ scheme })
 * for (const { key, problem } of recognize('cars.yaml', bytes).documents) ...
 * ```
 */
export function createRecognizer(options: RecognizerOptions = {}): Recognize {
  const context = contextOf(options)
  return (path, bytes) => {
    const contentType = contentTypeOfPath(path) ?? contentTypeOfBytes(bytes)
    const ranges = scan(bytes, contentType === 'application/json' ? createJsonScanner() : createYamlScanner())
    const identities = contentType === 'application/yaml' ? identify(bytes, ranges.length) : []
    let line = 1
    let counted = 0
    const documents = ranges.map((range, index) => {
      line += countNewlines(bytes, counted, range.start)
      counted = range.start
      return recognizeDocument({ path, bytes, contentType, range, line }, identities[index], context)
    })
    return { path, contentType, documents }
  }
}

interface RecognizerContext {
  readonly scheme: Scheme | undefined
  readonly keyOptions: { readonly scopes?: KindScopes; readonly defaultNamespace?: string }
}

function contextOf({ scheme, defaultNamespace }: RecognizerOptions): RecognizerContext {
  return {
    scheme,
    keyOptions: {
      ...(scheme !== undefined && { scopes: scheme }),
      ...(defaultNamespace !== undefined && { defaultNamespace }),
    },
  }
}

function scan(bytes: Uint8Array, scanner: DocumentScanner): readonly DocumentRange[] {
  const ranges: DocumentRange[] = []
  for (let range = scanner.next(bytes, true); typeof range === 'object'; range = scanner.next(bytes, true)) {
    ranges.push(range)
  }
  return ranges
}

/** The identities of all documents; none where one of them cannot be read, so that each is looked at alone. */
function identify(bytes: Uint8Array, count: number): readonly DocumentIdentity[] {
  try {
    const identities = identifyDocuments(decodeUtf8(bytes))
    return identities.length === count ? identities.map(createDetacher()) : []
  } catch (error) {
    if (!serializerErrors.is(error, 'INVALID_DOCUMENT') && !isYamlEditError(error)) throw error
    return []
  }
}

/** V8 copies a part of a text that is no longer than this. */
const copiedLength = 12

/** Gives identities strings of their own: parts of a text would keep all of it in memory for as long as a key lives. */
function createDetacher(): (identity: DocumentIdentity) => DocumentIdentity {
  const known = new Map<string, string>()
  const detach = (text: string | undefined): string | undefined =>
    text !== undefined && text.length > copiedLength ? decodeUtf8(encodeUtf8(text)) : text
  // Neighbours are mostly of one kind, and to compare two texts is faster than to look one up.
  const share = (text: string | undefined, previous: string | undefined): string | undefined => {
    if (text === undefined) return undefined
    if (text === previous) return previous
    const found = known.get(text) ?? detach(text) ?? text
    known.set(found, found)
    return found
  }
  let last: Partial<DocumentIdentity> = {}
  return ({ index, apiVersion, kind, name, namespace }) =>
    (last = {
      index,
      apiVersion: share(apiVersion, last.apiVersion),
      kind: share(kind, last.kind),
      name: detach(name),
      namespace: share(namespace, last.namespace),
    })
}

interface DocumentBytes {
  readonly path: string
  readonly bytes: Uint8Array
  readonly contentType: ContentType
  readonly range: DocumentRange
  readonly line: number
}

function recognizeDocument(
  document: DocumentBytes,
  identity: DocumentIdentity | undefined,
  context: RecognizerContext,
): RecognizedDocument {
  const { contentType, range, line } = document
  const { start, end } = range
  if (range.empty) return { type: 'empty', start, end, line, contentType }
  const recognized =
    identity !== undefined && isComplete(identity) ?
      identified(identity, line, context)
    : look(document, context)
  const { type, apiVersion, kind, key, known, problem } = recognized
  return { type, start, end, line, contentType, apiVersion, kind, key, known, problem }
}

/** Parses the document to find what it is. */
function look(document: DocumentBytes, context: RecognizerContext): Recognized {
  try {
    return fromValue(parse(document), context)
  } catch (error) {
    return { type: 'invalid', problem: problemOf(error, document.line) }
  }
}

type CompleteIdentity = Omit<DocumentIdentity, 'index'> & {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
}

/** A list, an object without a name and what is no object at all are for the parser to describe. */
const isComplete = (identity: DocumentIdentity): identity is DocumentIdentity & CompleteIdentity =>
  identity.apiVersion !== undefined &&
  identity.kind !== undefined &&
  identity.name !== undefined &&
  !identity.kind.endsWith('List')

function parse({ path, bytes, contentType, range, line }: DocumentBytes): ParsedDocument {
  const text = decodeUtf8(bytes.subarray(range.start, range.end), { path, line })
  return contentType === 'application/json' ?
      parseJsonDocument(text, { path, line })
    : parseYamlDocument(text, { path, line })
}

type Recognized = Omit<RecognizedDocument, 'start' | 'end' | 'line' | 'contentType'>

function fromValue(parsed: ParsedDocument, context: RecognizerContext): Recognized {
  const { value } = parsed
  const problem = (message: string, path: readonly string[] = []): DocumentProblem => ({
    message,
    ...parsed.positionOf(path),
  })
  if (value === null) return { type: 'empty' }
  if (!hasTypeMeta(value)) {
    return { type: 'other', problem: problem('no object: apiVersion or kind is missing or not a string') }
  }
  const { apiVersion, kind } = value
  if (context.scheme === undefined ? isPlainList(value) : isObjectList(value, context.scheme)) {
    return {
      type: 'list',
      apiVersion,
      kind,
      problem: problem(`a ${kind}; its items are not served one by one`),
    }
  }
  const metadata = (value as { readonly metadata?: unknown }).metadata
  const fields = isRecord(metadata) ? metadata : {}
  for (const field of ['name', 'namespace'] as const) {
    const part = fields[field]
    if (part !== undefined && part !== null && typeof part !== 'string') {
      const message = `metadata.${field} is not a string; put it in quotes`
      return { type: 'invalid', apiVersion, kind, problem: problem(message, ['metadata', field]) }
    }
  }
  const { name, namespace } = fields as { readonly name?: string | null; readonly namespace?: string | null }
  if (!name) {
    return {
      type: 'unnamed',
      apiVersion,
      kind,
      problem: problem(`a ${kind} without metadata.name`, ['metadata']),
    }
  }
  const identity = { apiVersion, kind, name, namespace: namespace ?? undefined }
  return identified(identity, parsed.positionOf([]).line, context)
}

function identified(
  { apiVersion, kind, name, namespace }: CompleteIdentity,
  line: number,
  { scheme, keyOptions }: RecognizerContext,
): Recognized {
  try {
    const key = keyOf({ apiVersion, kind, metadata: { name, namespace } }, keyOptions)
    const known = scheme && scheme.find({ ...parseApiVersion(apiVersion), kind }) !== undefined
    return { type: 'object', apiVersion, kind, key, known }
  } catch (error) {
    return { type: 'invalid', apiVersion, kind, problem: problemOf(error, line) }
  }
}

function problemOf(error: unknown, line: number): DocumentProblem {
  if (serializerErrors.is(error, 'INVALID_DOCUMENT')) {
    const { reason, line, column } = error.details
    return { message: reason, line, column }
  }
  if (!isLgError(error)) throw error
  return { message: error.message, line }
}

/** Without a scheme every kind that ends in `List` and has items counts as a list. */
const isPlainList = (value: { readonly kind: string }): boolean =>
  value.kind.endsWith('List') && Array.isArray((value as { readonly items?: unknown }).items)

function countNewlines(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  // Lines are so short that to look at each byte is faster than to search.
  for (let at = start; at < end; at++) if (bytes[at] === newline) count++
  return count
}
