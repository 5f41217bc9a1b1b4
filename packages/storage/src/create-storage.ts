import { groupVersionKindOf, silentLogger, type CallOptions, type KubernetesObject } from '@lg/runtime'
import type { FileProblem, RawDocument } from '@lg/storage-raw'
import { createKeyOf } from './object-identity.ts'
import { createObjectCache } from './object-cache.ts'
import { createObjectReader } from './object-reader.ts'
import { createReadStorage } from './read-storage.ts'
import type { ReadOptions, Storage } from './storage.ts'
import { allowsUnstructured, giveAway, type StorageContext } from './storage-context.ts'
import type { StorageOptions } from './storage-options.ts'
import { createWriteStorage } from './write-storage.ts'

/** A storage that also reads documents which are at hand, such as an earlier state of one. */
export interface DocumentStorage extends Storage {
  /**
   * The object of a document, as {@link Storage.get} gives it.
   *
   * @throws {LgError} what decoding throws, with file and line.
   */
  decode(document: RawDocument, options?: ReadOptions): Promise<KubernetesObject>
}

/**
 * Objects over any raw storage.
 *
 * @example
 * ```ts
 * const storage = createStorage({ raw: createDirectoryRawStorage({ dir: 'data' }), serializer: createSerializer({ scheme }) })
 * const car = await storage.get(key, { as: Car })
 * car.status.speed = 24.7
 * await storage.update(car)
 * ```
 */
export function createStorage(options: StorageOptions): DocumentStorage {
  const { raw, serializer, strict = true, defaults = false, logger = silentLogger } = options
  const keyOf = createKeyOf({ scheme: serializer.scheme, ...options })
  const reader = createObjectReader({
    raw,
    decoder: serializer.decoder({ strict, defaults }),
    lenientDecoder: serializer.decoder({ strict, defaults, decodeUnknown: true }),
    recognizes: (object) => serializer.scheme.find(groupVersionKindOf(object)) !== undefined,
    keyOf,
    indexes: options.indexes ?? {},
    cache: options.cache ?? createObjectCache({ size: options.cacheSize }),
    onProblem({ location, line, message }) {
      logger.warn(message, { path: location.path, document: location.document, line })
    },
  })
  const context: StorageContext = { options, reader, keyOf }
  const close = (): Promise<void> => raw.close()
  return {
    ...createReadStorage(context),
    ...createWriteStorage(context),
    problems: (call = {}) => listProblems(context, call),
    async decode(document, call = {}) {
      const settings = { unstructured: allowsUnstructured(context, call), signal: call.signal }
      return giveAway(context, await reader.read(document, settings))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What the raw storage finds, and what does not decode. */
async function listProblems(context: StorageContext, call: CallOptions): Promise<readonly FileProblem[]> {
  const { raw, serializer, unstructured = false } = context.options
  const entries = await raw.list(undefined, call)
  const wanted =
    unstructured ? entries : entries.filter(({ key }) => serializer.scheme.versionsOf(key).length > 0)
  const problems = [
    ...(await raw.problems(call)),
    ...(await context.reader.problemsOf(wanted, { unstructured, ...call })),
  ]
  return problems.sort(
    (a, b) => compare(a.location.path, b.location.path) || a.location.document - b.location.document,
  )
}

const compare = (a: string, b: string): number =>
  a < b ? -1
  : a > b ? 1
  : 0
