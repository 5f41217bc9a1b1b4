import {
  asObject,
  formatApiVersion,
  formatGroupKind,
  groupVersionKindOf,
  isPartialObject,
  isRecord,
  parseApiVersion,
  stringifyJson,
  type CallOptions,
  type GroupVersionKind,
  type KubernetesObject,
  type Scheme,
} from '@lg/runtime'
import { identifyDocuments } from '@lg/yaml-edit'
import { getCommentSource, hasCommentSource, withCommentSource } from './comment-annotation.ts'
import type { ContentType } from './content-type.ts'
import type { EncodeOptions } from './decode-options.ts'
import { describeFaults, parseDocument } from './decode-document.ts'
import { serializerErrors, type Fault } from './errors.ts'
import { withoutFilled } from './fill.ts'
import type { Judge } from './judge.ts'
import { reconcileJson } from './json/reconcile-json.ts'
import type { LedgerEntry } from './ledger.ts'
import { movedFields, type MovedField } from './moved-fields.ts'
import type { Source, Sources } from './source.ts'
import { onlyDocument } from './yaml-document.ts'
import { newYamlText, reconcileYamlText, type TextChange } from './yaml-text.ts'

/** What encoding needs besides its options. */
export interface EncodeContext {
  readonly scheme: Scheme
  readonly judge: Judge
  readonly sources: Sources
}

/** The text of one object, and what became of its source. */
export interface EncodedDocument {
  readonly text: string
  readonly contentType: ContentType
  /** False when the text is the source, byte for byte. */
  readonly changed: boolean
  /** Which ranges of the source changed; empty for a new text. */
  readonly changes: readonly TextChange[]
  /** What could not be kept as it stood. */
  readonly ledger: readonly LedgerEntry[]
}

export interface EncodeRequest extends CallOptions {
  readonly contentType: ContentType
  /** The stored text; `null`: the object is new. Without it, the text that the object is known to come from. */
  readonly source?: string | null | undefined
  /** The object that this one is a copy of; `null`: the object is new. */
  readonly from?: object | null | undefined
}

export async function encodeDocument(
  context: EncodeContext,
  object: KubernetesObject,
  options: EncodeOptions,
  request: EncodeRequest,
): Promise<EncodedDocument> {
  request.signal?.throwIfAborted()
  const gvk = groupVersionKindOf(asObject(object))
  if (isPartialObject(object)) {
    const message = `Of this ${gvk.kind} only type and metadata were read; read the whole object to write it`
    throw serializerErrors.create('PARTIAL_OBJECT', message, { kind: gvk })
  }
  if (options.validate !== false) await refuseMismatches(context, object, gvk, request)

  const { value, source } = findSource(context, object, options, request)
  const encoded =
    source === undefined ?
      writeNew(value, options, request)
    : reconcile(context, value, source, options, request)
  const ledger = [...unknownSource(context, gvk, source, request), ...encoded.ledger]
  const lost = ledger.filter(({ code }) => code !== 'COMMENT_DELETED')
  if (options.strict === true && lost.length > 0) throw notKept(gvk, lost)
  return { ...encoded, ledger }
}

interface KnownSource {
  readonly text: string
  readonly contentType: ContentType
  readonly origin: Source | undefined
}

/** The value to write and the text that it replaces. */
function findSource(
  { sources }: EncodeContext,
  object: KubernetesObject,
  options: EncodeOptions,
  { source: stored, from, contentType }: EncodeRequest,
): { value: KubernetesObject; source: KnownSource | undefined } {
  const origin = from === null ? undefined : sources.get(from ?? object)
  const isNew = stored === null || from === null
  const annotated = options.commentAnnotation === true && hasCommentSource(object)
  const value = annotated ? withCommentSource(object, undefined) : object
  if (typeof stored === 'string') return { value, source: { text: stored, contentType, origin } }
  if (isNew) return { value, source: undefined }
  if (origin?.text !== undefined) {
    return { value, source: { text: origin.text, contentType: origin.contentType, origin } }
  }
  if (!annotated) return { value, source: undefined }
  return { value, source: { text: getCommentSource(object), contentType: 'application/yaml', origin } }
}

type Written = Omit<EncodedDocument, 'ledger'> & { readonly ledger: readonly LedgerEntry[] }

function writeNew(
  value: KubernetesObject,
  { pretty = true }: EncodeOptions,
  { contentType }: EncodeRequest,
): Written {
  const text =
    contentType === 'application/json' ?
      `${stringifyJson(value, { indent: pretty ? 2 : 0 })}\n`
    : newYamlText(value)
  return { text, contentType, changed: true, changes: [], ledger: [] }
}

function reconcile(
  { scheme, judge }: EncodeContext,
  object: KubernetesObject,
  source: KnownSource,
  options: EncodeOptions,
  request: EncodeRequest,
): Written {
  const { contentType } = request
  if (source.contentType !== contentType) {
    const written = writeNew(withoutFilled(object, source.origin?.filled ?? []), options, request)
    const comments = source.contentType === 'application/yaml' && /^\s*#|\s#/m.test(source.text)
    const message = 'The source is YAML with comments, which JSON cannot hold'
    return { ...written, ledger: comments ? [{ code: 'FORMAT_CHANGED', message }] : [] }
  }
  const filled = source.origin?.filled ?? []
  if (contentType === 'application/json') {
    const stored = parseDocument({ text: source.text, contentType, separator: '' }).value
    const text = reconcileJson(source.text, stored, withoutFilled(object, filled, stored))
    return { text, contentType, changed: text !== source.text, changes: [], ledger: [] }
  }
  const { comments = 'keep', aliases = 'refuse' } = options
  // Without a change of version and without defaults the stored value need not be known, which saves reading it.
  const stored =
    filled.length === 0 && states(source.text, object.apiVersion) ? undefined : onlyDocument(source.text, {})
  const value = withoutFilled(object, filled, stored?.value)
  const moved = movesBetween(scheme, stored?.value, object).filter(
    ({ from }) => stored?.locate(from) !== undefined,
  )
  const document = stored?.index ?? 0
  const kind = scheme.find(groupVersionKindOf(object))
  const mergeKeys = kind && judge.listKeys(kind)
  const plan = reconcileYamlText(source.text, value, { document, moved, comments, aliases, mergeKeys })
  return { ...plan, contentType, changed: plan.text !== source.text }
}

/** True when a text is one document whose lines state this apiVersion; false also when they do not tell. */
function states(text: string, apiVersion: string): boolean {
  const [document, second] = identifyDocuments(text)
  return second === undefined && document?.apiVersion === apiVersion
}

function movesBetween(scheme: Scheme, stored: unknown, object: KubernetesObject): readonly MovedField[] {
  const apiVersion = isRecord(stored) ? stored['apiVersion'] : undefined
  if (typeof apiVersion !== 'string' || apiVersion === object.apiVersion) return []
  const to = scheme.find(groupVersionKindOf(object))
  const from = scheme.find({ ...parseApiVersion(apiVersion), kind: object.kind })
  return from === undefined || to === undefined ? [] : movedFields(from, to)
}

function unknownSource(
  { sources }: EncodeContext,
  gvk: GroupVersionKind,
  source: KnownSource | undefined,
  request: EncodeRequest,
): LedgerEntry[] {
  const isNew = request.source === null || request.from === null
  if (source !== undefined || isNew || !sources.hasRead(formatGroupKind(gvk))) return []
  const message =
    `The text of this ${gvk.kind} is not known, so it is written anew; ` +
    'name the object that it is a copy of with `from`, or say `from: null` for a new one'
  return [{ code: 'SOURCE_UNKNOWN', message }]
}

async function refuseMismatches(
  { scheme, judge }: EncodeContext,
  object: KubernetesObject,
  gvk: GroupVersionKind,
  { signal }: CallOptions,
): Promise<void> {
  const kind = scheme.find(gvk)
  if (kind === undefined) return
  const { mismatches } = await judge.judge(kind, object, { strict: false, signal })
  if (mismatches.length === 0) return
  const faults = mismatches.map(({ path, message }): Fault => ({ type: 'schema', path, message }))
  throw serializerErrors.create('SCHEMA_MISMATCH', describeFaults(gvk, faults, undefined), {
    kind: gvk,
    faults,
  })
}

function notKept(gvk: GroupVersionKind, ledger: readonly LedgerEntry[]): Error {
  const what = ledger.map(({ message }) => message).join('; ')
  const message = `Not all of this ${gvk.kind} in ${formatApiVersion(gvk)} can be kept as it stands: ${what}`
  return serializerErrors.create('NOT_KEPT', message, { ledger })
}
