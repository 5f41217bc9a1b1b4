import type { FileProblem, IndexedDocument, IndexedFile } from '@lg/storage-raw'

export interface SettleTools {
  /** Whether objects of a document's kind are served. */
  readonly serves: (document: IndexedDocument) => boolean
  /** Why a document cannot be served. */
  readonly failureOf: (document: IndexedDocument, file: IndexedFile) => Promise<Error | undefined>
  /** Has the file looked at again later. */
  readonly lookLater: (path: string, then: () => void) => void
}

/** Decides what is taken over of files that changed, so that nobody sees a file that is half written. */
export interface Settling {
  /** What to take over of a file that changed; `undefined`: nothing yet. */
  settle(file: IndexedFile, known: IndexedFile | undefined): Promise<IndexedFile | undefined>
  /** Runs `look` without waiting for more of a file: what is on disk is meant. */
  atOnce(look: () => Promise<void>): Promise<void>
}

/**
 * A file that breaks keeps its last good state: all of its objects, until it is whole again. One that may be half
 * written, since it is broken, shorter than before or ends within a line, is looked at when it stays so.
 */
export function createSettling({ serves, failureOf, lookLater }: SettleTools): Settling {
  let patient = true
  /** Content that is waited for, and whether it has stayed long enough. */
  const waiting = new Map<string, { readonly id: string; stayed: boolean }>()

  const failuresOf = async (file: IndexedFile): Promise<Map<IndexedDocument, Error>> => {
    const failures = new Map<IndexedDocument, Error>()
    for (const document of file.documents) {
      const failure = serves(document) ? await failureOf(document, file) : undefined
      if (failure !== undefined) failures.set(document, failure)
    }
    return failures
  }
  const isServed = (document: IndexedDocument, failures: ReadonlyMap<IndexedDocument, Error>): boolean =>
    serves(document) && !failures.has(document)

  /** Whether an object that is served now would not be any more. */
  const loses = async (
    file: IndexedFile,
    failures: ReadonlyMap<IndexedDocument, Error>,
    known: IndexedFile,
  ): Promise<boolean> => {
    const knownFailures = await failuresOf(known)
    const kept = file.documents.filter((document) => isServed(document, failures))
    return known.documents.some(
      (document) => isServed(document, knownFailures) && !kept.some(({ key }) => sameKey(key, document.key)),
    )
  }

  /** Whether to wait for more of a file: it looks cut off, and has not stayed so for long. */
  const isWaitedFor = (file: IndexedFile, known: IndexedFile | undefined, isBroken: boolean): boolean => {
    const { path, id } = file
    const waited = waiting.get(path)
    const hasStayed = waited?.id === id && waited.stayed
    if (!patient || hasStayed || !(isBroken || looksCut(file, known))) {
      waiting.delete(path)
      return false
    }
    if (waited?.id !== id) {
      const wait = { id, stayed: false }
      waiting.set(path, wait)
      lookLater(path, () => (wait.stayed = true))
    }
    return true
  }

  return {
    async settle(file, known) {
      if (!patient && known === undefined) return file
      const failures = await failuresOf(file)
      const isBroken = failures.size > 0 || file.problems.some(({ type }) => type === 'invalid')
      if (isWaitedFor(file, known, isBroken)) return undefined
      if (known === undefined || !isBroken || !(await loses(file, failures, known))) return file
      const problems = [...file.problems, ...[...failures].map(([at, error]) => toProblem(at, error))]
      return { ...file, id: '', documents: known.documents, content: known.content, problems }
    },
    async atOnce(look) {
      patient = false
      try {
        await look()
      } finally {
        patient = true
      }
    },
  }
}

function looksCut({ content = empty }: IndexedFile, known: IndexedFile | undefined): boolean {
  const before = known?.content ?? empty
  if (known !== undefined && known.documents.length > 0 && content.length < before.length) return true
  return content.length > 0 && !endsLine(content) && (before.length === 0 || endsLine(before))
}

const empty = new Uint8Array()
const endsLine = (content: Uint8Array): boolean => content.at(-1) === 0x0a

const sameKey = (a: IndexedDocument['key'], b: IndexedDocument['key']): boolean =>
  a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name

/** Where an error of decoding says that it is. */
interface Fault {
  readonly line?: number
}

function toProblem({ location, line }: IndexedDocument, error: Error): FileProblem {
  const { details } = error as { readonly details?: Fault & { readonly faults?: readonly Fault[] } }
  const at = details?.line ?? details?.faults?.[0]?.line ?? line
  return { type: 'invalid', location, line: at, message: error.message }
}
