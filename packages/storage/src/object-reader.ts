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
import type { FileProblem, RawDocument, RawEntry, RawStorage } from '@lg/storage-raw'
import { copyValue, freezeValue } from './copy-value.ts'
import { storageErrors } from './errors.ts'
import type { ObjectCache, ObjectCaches } from './object-cache.ts'

/** Makes objects of documents, each content once. What it gives is shared: copy it before giving it away. */
export interface ObjectReader {
  /** @throws {LgError} what decoding throws, with file and line. */
  read(document: RawDocument, options?: DecodingOptions): Promise<KubernetesObject>
  /**
   * The object of a document that was read before, while it is kept; else `undefined`.
   *
   * @throws {LgError} what decoding threw.
   */
  known(entry: RawEntry, options?: DecodingOptions): KubernetesObject | undefined
  /** Type and metadata alone, which are kept longer than whole objects. */
  readMeta(document: RawDocument, options?: DecodingOptions): Promise<KubernetesObject>
  /** As many of the entries as can be served, in their order; the rest is reported. */
  readAll(entries: readonly RawEntry[], options?: DecodingOptions): Promise<readonly ReadEntry[]>
  readAllMeta(entries: readonly RawEntry[], options?: DecodingOptions): Promise<readonly ReadEntry[]>
  /** The entries whose object has a value in an index. */
  withIndexValue(
    entries: readonly RawEntry[],
    index: { readonly name: string; readonly value: string },
    options?: DecodingOptions,
  ): Promise<readonly RawEntry[]>
  /** What keeps entries from being served. */
  problemsOf(entries: readonly RawEntry[], options?: DecodingOptions): Promise<readonly FileProblem[]>
  /** Tells that a document cannot be served. */
  report(problem: FileProblem, error: Error): void
}

interface DecodingOptions extends CallOptions {
  /** Kinds that the scheme does not know come as they stand, instead of an error. Default false. */
  readonly unstructured?: boolean | undefined
}

interface ReadEntry {
  readonly entry: RawEntry
  readonly object: KubernetesObject
}

interface Collected<Value> {
  readonly entry: RawEntry
  readonly value: Value
}

/** What a document holds; of a kind that the scheme does not know, why it is refused, once somebody asked. */
export type Outcome =
  | { readonly object: KubernetesObject; readonly recognized: boolean; readonly refusal?: Error }
  | { readonly error: Error }

/** All that a list of entries led to. */
interface WholeRead {
  readonly unstructured: boolean
  readonly read: readonly ReadEntry[]
}

type Indexes = Readonly<Record<string, (object: KubernetesObject) => readonly string[]>>

/** What an object holds for lists that do not need all of it. */
export interface Digest {
  readonly recognized: boolean
  readonly meta: KubernetesObject
  readonly values: Readonly<Record<string, readonly string[]>>
}

export interface ObjectReaderOptions {
  readonly raw: RawStorage
  readonly decoder: Decoder
  /** The same, but kinds that the scheme does not know come as they stand. */
  readonly lenientDecoder: Decoder
  /** Whether the scheme knows kind and version. */
  readonly recognizes: (object: KubernetesObject) => boolean
  readonly keyOf: (object: KubernetesObject) => ObjectKey
  readonly indexes: Indexes
  readonly cache: ObjectCache
  readonly onProblem: (problem: FileProblem, error: Error) => void
}

export function createObjectReader(options: ObjectReaderOptions): ObjectReader {
  const { raw, decoder, lenientDecoder, recognizes, keyOf, indexes, onProblem } = options
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
  const knownOutcome = (id: string, { unstructured = false }: DecodingOptions): Outcome | undefined => {
    const outcome = outcomes.get(id)
    if (outcome === undefined || unstructured || 'error' in outcome || outcome.recognized) return outcome
    return outcome.refusal && { error: outcome.refusal }
  }
  const knownDigest = (id: string, { unstructured = false }: DecodingOptions): Digest | undefined => {
    const digest = digests.get(id)
    return digest?.recognized === false && !unstructured ? undefined : digest
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
  const outcomeOf = async (document: RawDocument, settings: DecodingOptions): Promise<Outcome> => {
    const id = idOf(document)
    const known = knownOutcome(id, settings)
    if (known !== undefined) return known
    const lenient = outcomes.get(id) ?? (await decodeWith(lenientDecoder, document, settings))
    const isRefused = 'object' in lenient && !lenient.recognized && settings.unstructured !== true
    const outcome = isRefused ? await decodeWith(decoder, document, settings) : lenient
    const refusal = isRefused && 'error' in outcome ? { refusal: outcome.error } : {}
    outcomes.set(id, { ...lenient, ...refusal }, document.bytes.length)
    if ('error' in outcome) onProblem(toProblem(document, outcome.error), outcome.error)
    else digests.set(id, digestOf(outcome, indexes), digestSize)
    return outcome
  }
  const objectOf = async (document: RawDocument, settings: DecodingOptions): Promise<KubernetesObject> => {
    const outcome = await outcomeOf(document, settings)
    if ('error' in outcome) throw outcome.error
    return outcome.object
  }

  /** What `known` has of each entry, and what `make` makes of the documents of the rest. */
  const collect = async <Value>(
    entries: readonly RawEntry[],
    settings: DecodingOptions,
    known: (id: string, settings: DecodingOptions) => Value | undefined,
    make: (document: RawDocument) => Promise<Value | undefined>,
  ): Promise<readonly Collected<Value>[]> => {
    const found: (Collected<Value> | undefined)[] = []
    const missing = new Map<string, number>()
    for (const entry of entries) {
      const value = known(idOf(entry), settings)
      if (value === undefined) missing.set(keyId(entry.key), found.length)
      found.push(value === undefined ? undefined : { entry, value })
    }
    if (missing.size === 0) return found as Collected<Value>[]
    const keys = [...missing.values()].flatMap((at) => entries[at]?.key ?? [])
    for await (const document of raw.readMany(keys, { signal: settings.signal })) {
      settings.signal?.throwIfAborted()
      const value = await make(document)
      const at = missing.get(keyId(document.key))
      if (value === undefined || at === undefined) continue
      const { bytes: _, ...entry } = document
      const listed = entries[at]
      found[at] = { entry: listed?.version === entry.version ? listed : entry, value }
    }
    return found.filter((item) => item !== undefined)
  }
  const readAll = async (
    entries: readonly RawEntry[],
    settings: DecodingOptions = {},
  ): Promise<readonly ReadEntry[]> => {
    const { unstructured = false } = settings
    const before = outcomes.lists.get(entries) as WholeRead | undefined
    if (before?.unstructured === unstructured) return before.read
    const all = await collect(entries, settings, knownOutcome, (document) => outcomeOf(document, settings))
    const read: ReadEntry[] = []
    for (const { entry, value } of all) if ('object' in value) read.push({ entry, object: value.object })
    const isKept = ({ entry }: Collected<Outcome>, at: number): boolean =>
      entry === entries[at] && outcomes.has(idOf(entry))
    if (all.length === entries.length && all.every(isKept))
      outcomes.lists.set(entries, { unstructured, read })
    return read
  }
  const digestAll = (
    entries: readonly RawEntry[],
    settings: DecodingOptions,
  ): Promise<readonly Collected<Digest>[]> =>
    collect(entries, settings, knownDigest, async (document) => {
      const outcome = await outcomeOf(document, settings)
      return 'error' in outcome ? undefined : digestOf(outcome, indexes)
    })

  return {
    read: (document, settings = {}) => objectOf(document, settings),
    known(entry, settings = {}) {
      const outcome = knownOutcome(idOf(entry), settings)
      if (outcome !== undefined && 'error' in outcome) throw outcome.error
      return outcome?.object
    },
    async readMeta(document, settings = {}) {
      const known = knownDigest(idOf(document), settings)
      return known?.meta ?? metaOf(await objectOf(document, settings))
    },
    readAll,
    async readAllMeta(entries, settings = {}) {
      const all = await digestAll(entries, settings)
      return all.map(({ entry, value }) => ({ entry, object: value.meta }))
    },
    async withIndexValue(entries, { name, value: wanted }, settings = {}) {
      if (!Object.hasOwn(indexes, name)) throw unknownIndex(name, indexes)
      const all = await digestAll(entries, settings)
      return all.filter(({ value }) => value.values[name]?.includes(wanted)).map(({ entry }) => entry)
    },
    async problemsOf(entries, settings = {}) {
      const all = await collect(entries, settings, knownOutcome, (document) => outcomeOf(document, settings))
      return all.flatMap(({ entry, value }) => ('error' in value ? [toProblem(entry, value.error)] : []))
    },
    report: onProblem,
  }
}

/** About how many bytes of text a digest stands for. */
const digestSize = 64

function digestOf(
  { object, recognized }: Extract<Outcome, { readonly object: unknown }>,
  indexes: Indexes,
): Digest {
  const values = Object.fromEntries(
    Object.entries(indexes).map(([name, valuesOf]) => [name, valuesOf(freezeValue(object))]),
  )
  return { recognized, meta: metaOf(object), values }
}

/** A copy of its own, so that the whole object can be let go. */
const metaOf = ({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject =>
  freezeValue(toPartialObject({ apiVersion, kind, metadata: copyValue(metadata) }))

function mismatch({ key, location }: Pick<RawEntry, 'key' | 'location'>, stated: ObjectKey): Error {
  return storageErrors.create(
    'KEY_MISMATCH',
    `${location.path} is the place of ${formatKey(key)}, but holds ${formatKey(stated)}; move it or change its metadata`,
    { key, stated, location },
  )
}

function unknownIndex(name: string, indexes: Indexes): Error {
  const known = Object.keys(indexes)
  const message = `There is no index ${JSON.stringify(name)}; the storage has ${known.join(', ') || 'none'}`
  return storageErrors.create('UNKNOWN_INDEX', message, { name, known })
}

function toProblem({ location, line }: RawEntry, error: Error): FileProblem {
  const { details } = error as {
    readonly details?: { readonly line?: number; readonly faults?: readonly { readonly line?: number }[] }
  }
  const at = details?.line ?? details?.faults?.[0]?.line ?? line
  return { type: 'invalid', location, line: at, message: error.message }
}
