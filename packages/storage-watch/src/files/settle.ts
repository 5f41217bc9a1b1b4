import { keyId } from '@lg/runtime'
import type { FileProblem, IndexedDocument, IndexedFile } from '@lg/storage-raw'

/**
 * How sure a look must be that a file is whole. `evident`: it can be nothing else. `likely`: unless it looks half
 * written and has not stayed so for long. `any`: what is on disk is meant.
 */
export type Trust = 'evident' | 'likely' | 'any'

export interface SettleTools {
  /** Whether objects of a document's kind are served. */
  readonly serves: (document: IndexedDocument) => boolean
  /** Why a document cannot be served. */
  readonly failureOf: (document: IndexedDocument, file: IndexedFile) => Promise<Error | undefined>
  /** Whether the very text of a document is known already, of this file or of another. */
  readonly isKnown: (document: IndexedDocument) => boolean
  /** Has the file looked at again later, calls `due` just before, and resolves when that is done. */
  readonly lookLater: (path: string, due: () => void) => Promise<void>
}

/** Decides what is taken over of files that changed, so that nobody sees a file that is half written. */
export interface Settling {
  /** What to take over of a file that changed; `undefined`: nothing yet. */
  settle(file: IndexedFile, known: IndexedFile | undefined): Promise<IndexedFile | undefined>
  /** Runs a look with so much trust in what it finds. One at a time. */
  trusting(trust: Trust, look: () => Promise<void>): Promise<void>
  /** Whether more of a file is waited for. */
  isWaitedFor(path: string): boolean
}

/**
 * A file that breaks keeps its last good state: all of its objects, until it is whole again. One that may be half
 * written, since it is broken, shorter than before, misses an object, or ends within a line or behind a key, is looked
 * at when it stays so.
 */
export function createSettling({ serves, failureOf, isKnown, lookLater }: SettleTools): Settling {
  let trust: Trust = 'likely'
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

  /** Whether an object that is served now would not be any more. */
  const loses = async (
    file: IndexedFile,
    failures: ReadonlyMap<IndexedDocument, Error>,
    known: IndexedFile,
  ): Promise<boolean> => {
    const kept = new Set(
      file.documents.filter((document) => !failures.has(document)).map(({ key }) => keyId(key)),
    )
    const missing = known.documents.filter((document) => serves(document) && !kept.has(keyId(document.key)))
    for (const document of missing) if ((await failureOf(document, known)) === undefined) return true
    return false
  }

  /** Whether content has not stayed as it is for long; if so, it is looked at again. */
  const waitFor = ({ path, id }: IndexedFile): boolean => {
    const waited = waiting.get(path)
    if (waited?.id === id) return !waited.stayed
    const wait = { id, stayed: false }
    waiting.set(path, wait)
    void lookLater(path, () => (wait.stayed = true)).finally(() => {
      if (waiting.get(path) === wait) waiting.delete(path)
    })
    return true
  }

  return {
    async settle(file, known) {
      if (trust === 'any' && known === undefined) return file
      const failures = await failuresOf(file)
      const isBroken = failures.size > 0 || file.problems.some(({ type }) => type === 'invalid')
      const isLess = known !== undefined && (await loses(file, failures, known))
      // What was moved or copied here is whole, whatever it looks like.
      const isCut = looksCut(file, known) && file.documents.some((document) => !isKnown(document))
      const isSuspect = isBroken || isLess || isCut
      if (trust === 'evident' && (isSuspect || !isAlike(file, known))) return undefined
      if (trust === 'likely' && isSuspect && waitFor(file)) return undefined
      waiting.delete(file.path)
      if (known === undefined || !isBroken || !isLess) return file
      const problems = [...file.problems, ...[...failures].map(([at, error]) => toProblem(at, error))]
      return { ...file, id: '', documents: known.documents, content: known.content, problems }
    },
    async trusting(wanted, look) {
      trust = wanted
      try {
        await look()
      } finally {
        trust = 'likely'
      }
    },
    isWaitedFor: (path) => waiting.has(path),
  }
}

/** Whether a file got shorter, or ends within a line or behind a key as it did not before. */
function looksCut({ content = empty }: IndexedFile, known: IndexedFile | undefined): boolean {
  const before = known?.content ?? empty
  if (known !== undefined && known.documents.length > 0 && content.length < before.length) return true
  return content.length > 0 && !endsValue(content) && (before.length === 0 || endsValue(before))
}

const empty = new Uint8Array()
const [newline, colon] = [0x0a, 0x3a]
const endsValue = (content: Uint8Array): boolean => content.at(-1) === newline && content.at(-2) !== colon

/** Whether a file holds as many objects as before and ends with the same line: what was cut off would not. */
function isAlike({ documents, content = empty }: IndexedFile, known: IndexedFile | undefined): boolean {
  if (documents.length !== known?.documents.length) return false
  const last = lastLine(known.content ?? empty)
  return last.length > 0 && Buffer.compare(lastLine(content), last) === 0
}

function lastLine(content: Uint8Array): Uint8Array {
  return content.subarray(content.lastIndexOf(newline, content.length - 2) + 1)
}

/** Where an error of decoding says that it is. */
interface Fault {
  readonly line?: number
}

function toProblem({ location, line }: IndexedDocument, error: Error): FileProblem {
  const { details } = error as { readonly details?: Fault & { readonly faults?: readonly Fault[] } }
  const at = details?.line ?? details?.faults?.[0]?.line ?? line
  return { type: 'invalid', location, line: at, message: error.message }
}
