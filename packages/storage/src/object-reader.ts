import { keyId, type KubernetesObject } from '@lg/runtime'
import type { FileProblem, RawDocument, RawEntry, RawStorage } from '@lg/storage-raw'
import {
  createDocumentDecoder,
  metaOf,
  toProblem,
  type DecodingOptions,
  type Digest,
  type DocumentDecoderOptions,
  type Outcome,
} from './document-decoder.ts'
import { storageErrors } from './errors.ts'
import type { ObjectCaches } from './object-cache.ts'

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

interface ReadEntry {
  readonly entry: RawEntry
  readonly object: KubernetesObject
}

interface Collected<Value> {
  readonly entry: RawEntry
  readonly value: Value
}

/** All that a list of entries led to. */
interface WholeRead {
  readonly unstructured: boolean
  readonly read: readonly ReadEntry[]
}

export interface ObjectReaderOptions extends DocumentDecoderOptions {
  readonly raw: RawStorage
}

export function createObjectReader(options: ObjectReaderOptions): ObjectReader {
  const { raw, indexes, onProblem } = options
  const { lists } = (options.cache as ObjectCaches).outcomes
  const documents = createDocumentDecoder(options)

  /** What `known` has of each entry, and what `make` makes of the documents of the rest. */
  const collect = async <Value>(
    entries: readonly RawEntry[],
    settings: DecodingOptions,
    known: (entry: RawEntry, settings: DecodingOptions) => Value | undefined,
    make: (document: RawDocument) => Promise<Value | undefined>,
  ): Promise<readonly Collected<Value>[]> => {
    const found: (Collected<Value> | undefined)[] = []
    const missing = new Map<string, number>()
    for (const entry of entries) {
      const value = known(entry, settings)
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
  const collectOutcomes = (
    entries: readonly RawEntry[],
    settings: DecodingOptions,
  ): Promise<readonly Collected<Outcome>[]> =>
    collect(entries, settings, documents.known, (document) => documents.outcomeOf(document, settings))
  const objectOf = async (document: RawDocument, settings: DecodingOptions): Promise<KubernetesObject> => {
    const outcome = await documents.outcomeOf(document, settings)
    if ('error' in outcome) throw outcome.error
    return outcome.object
  }
  const readAll = async (
    entries: readonly RawEntry[],
    settings: DecodingOptions = {},
  ): Promise<readonly ReadEntry[]> => {
    const { unstructured = false } = settings
    const before = lists.get(entries) as WholeRead | undefined
    if (before?.unstructured === unstructured) return before.read
    const all = await collectOutcomes(entries, settings)
    const read: ReadEntry[] = []
    for (const { entry, value } of all) if ('object' in value) read.push({ entry, object: value.object })
    const isKept = ({ entry }: Collected<Outcome>, at: number): boolean =>
      entry === entries[at] && documents.keeps(entry)
    // Only a frozen list is one that comes again.
    if (Object.isFrozen(entries) && all.length === entries.length && all.every(isKept))
      lists.set(entries, { unstructured, read })
    return read
  }
  const digestAll = (
    entries: readonly RawEntry[],
    settings: DecodingOptions,
  ): Promise<readonly Collected<Digest>[]> =>
    collect(entries, settings, documents.knownDigest, async (document) => {
      const outcome = await documents.outcomeOf(document, settings)
      return 'error' in outcome ? undefined : documents.digestOf(outcome)
    })

  return {
    read: (document, settings = {}) => objectOf(document, settings),
    known(entry, settings = {}) {
      const outcome = documents.known(entry, settings)
      if (outcome !== undefined && 'error' in outcome) throw outcome.error
      return outcome?.object
    },
    async readMeta(document, settings = {}) {
      const known = documents.knownDigest(document, settings)
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
      const all = await collectOutcomes(entries, settings)
      return all.flatMap(({ entry, value }) => ('error' in value ? [toProblem(entry, value.error)] : []))
    },
    report: onProblem,
  }
}

function unknownIndex(name: string, indexes: DocumentDecoderOptions['indexes']): Error {
  const known = Object.keys(indexes)
  const message = `There is no index ${JSON.stringify(name)}; the storage has ${known.join(', ') || 'none'}`
  return storageErrors.create('UNKNOWN_INDEX', message, { name, known })
}
