import {
  formatKey,
  isLgError,
  keyId,
  toPartialObject,
  type CallOptions,
  type KubernetesObject,
  type ObjectKey,
} from '@lg/runtime'
import type { Decoder } from '@lg/serializer'
import type { FileProblem, RawDocument, RawEntry } from '@lg/storage-raw'
import { copyValue, freezeValue } from './copy-value.ts'
import { storageErrors } from './errors.ts'
import type { ObjectCache, ObjectCaches } from './object-cache.ts'

/** Decodes documents, each content once, as long as the cache keeps what came of it. */
export interface DocumentDecoder {
  /** What comes of a document; that it does not decode is an outcome too. */
  outcomeOf(document: RawDocument, options: DecodingOptions): Promise<Outcome>
  /** What came of a document that was decoded before, while it is kept; else `undefined`. */
  known(entry: RawEntry, options: DecodingOptions): Outcome | undefined
  /** The same of what is kept longer than whole objects. */
  knownDigest(entry: RawEntry, options: DecodingOptions): Digest | undefined
  digestOf(outcome: DecodedObject): Digest
  /** Whether the outcome of an entry is kept. Asking keeps it no longer. */
  keeps(entry: RawEntry): boolean
}

export interface DecodingOptions extends CallOptions {
  /** Kinds that the scheme does not know come as they stand, instead of an error. Default false. */
  readonly unstructured?: boolean | undefined
}

/** What a document holds, or why nobody can tell. */
export type Outcome = DecodedObject | { readonly error: Error }

interface DecodedObject {
  readonly object: KubernetesObject
  /** Whether the scheme knows its kind and version. */
  readonly recognized: boolean
  /** Why it is refused where unknown kinds may not come, once somebody asked. */
  readonly refusal?: Error
}

/** What an object holds for lists that do not need all of it. */
export interface Digest {
  readonly recognized: boolean
  readonly meta: KubernetesObject
  readonly values: Readonly<Record<string, readonly string[]>>
}

export interface DocumentDecoderOptions {
  readonly decoder: Decoder
  /** The same, but kinds that the scheme does not know come as they stand. */
  readonly lenientDecoder: Decoder
  /** Whether the scheme knows kind and version. */
  readonly recognizes: (object: KubernetesObject) => boolean
  readonly keyOf: (object: KubernetesObject) => ObjectKey
  readonly indexes: Readonly<Record<string, (object: KubernetesObject) => readonly string[]>>
  readonly cache: ObjectCache
  /** Hears of each document that does not decode, once for each state of it. */
  readonly onProblem: (problem: FileProblem, error: Error) => void
}

/** About how many bytes of text a digest stands for. */
const digestSize = 64

export function createDocumentDecoder(options: DocumentDecoderOptions): DocumentDecoder {
  const { decoder, lenientDecoder, recognizes, keyOf, indexes, onProblem } = options
  const { outcomes, digests } = options.cache as ObjectCaches

  /** Entries stay the same objects while their file does, so their ids are made once. */
  const ids = new WeakMap<RawEntry, string>()
  const idOf = (entry: RawEntry): string => {
    const made = ids.get(entry)
    if (made !== undefined) return made
    const { version, contentType, location } = entry
    // An error names its place, so the same bytes at another place are another content.
    const id = `${version} ${contentType} ${location.path} ${location.document}`
    ids.set(entry, id)
    return id
  }
  const known: DocumentDecoder['known'] = (entry, { unstructured = false }) => {
    const outcome = outcomes.get(idOf(entry))
    if (outcome === undefined || unstructured || 'error' in outcome || outcome.recognized) return outcome
    return outcome.refusal && { error: outcome.refusal }
  }
  const digestOf = ({ object, recognized }: DecodedObject): Digest => {
    const values = Object.entries(indexes).map(([name, valuesOf]) => {
      try {
        return [name, requireList(valuesOf(freezeValue(object)))] as const
      } catch (cause) {
        throw indexFailed(name, keyOf(object), cause)
      }
    })
    return { recognized, meta: metaOf(object), values: Object.fromEntries(values) }
  }
  const decodeWith = async (
    wanted: Decoder,
    { key, bytes, contentType, location, line }: RawDocument,
    { signal }: DecodingOptions,
  ): Promise<Outcome> => {
    try {
      const object = await wanted.decodeDocument(bytes, { contentType, path: location.path, line, signal })
      const stated = keyOf(object)
      if (keyId(stated) !== keyId(key)) throw mismatch({ key, location }, stated)
      return { object, recognized: recognizes(object) }
    } catch (error) {
      signal?.throwIfAborted()
      if (!isLgError(error)) throw error
      return { error }
    }
  }

  return {
    known,
    knownDigest(entry, { unstructured = false }) {
      const digest = digests.get(idOf(entry))
      return digest?.recognized === false && !unstructured ? undefined : digest
    },
    digestOf,
    keeps: (entry) => outcomes.has(idOf(entry)),
    async outcomeOf(document, settings) {
      const before = known(document, settings)
      if (before !== undefined) return before
      const id = idOf(document)
      const lenient = outcomes.get(id) ?? (await decodeWith(lenientDecoder, document, settings))
      const isRefused = 'object' in lenient && !lenient.recognized && settings.unstructured !== true
      const outcome = isRefused ? await decodeWith(decoder, document, settings) : lenient
      const refusal = isRefused && 'error' in outcome ? { refusal: outcome.error } : {}
      outcomes.set(id, { ...lenient, ...refusal }, document.bytes.length)
      if ('error' in outcome) onProblem(toProblem(document, outcome.error), outcome.error)
      else digests.set(id, digestOf(outcome), digestSize)
      return outcome
    },
  }
}

/** A copy of its own, so that the whole object can be let go. */
export const metaOf = ({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject =>
  freezeValue(toPartialObject({ apiVersion, kind, metadata: copyValue(metadata) }))

/** A text has the methods of a list, and would match by its parts. */
function requireList(values: readonly string[]): readonly string[] {
  if (Array.isArray(values)) return values
  throw new TypeError(`it gave no list, but ${String(values)}`)
}

function indexFailed(index: string, key: ObjectKey, cause: unknown): Error {
  const message = `The index ${JSON.stringify(index)} fails for ${formatKey(key)}: ${(cause as Error).message}`
  return storageErrors.create('INDEX_FAILED', message, { index, key }, { cause })
}

function mismatch({ key, location }: Pick<RawEntry, 'key' | 'location'>, stated: ObjectKey): Error {
  return storageErrors.create(
    'KEY_MISMATCH',
    `${location.path} is the place of ${formatKey(key)}, but holds ${formatKey(stated)}; move it or change its metadata`,
    { key, stated, location },
  )
}

/** What does not decode, with the line where it is wrong. */
export function toProblem({ location, line }: RawEntry, error: Error): FileProblem {
  const { details } = error as {
    readonly details?: { readonly line?: number; readonly faults?: readonly { readonly line?: number }[] }
  }
  const at = details?.line ?? details?.faults?.[0]?.line ?? line
  return { type: 'invalid', location, line: at, message: error.message }
}
