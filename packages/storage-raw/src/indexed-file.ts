import { contentVersion } from './content-version.ts'
import type { RawEntry } from './raw-storage.ts'
import type { FileProblem, Recognize } from './recognized.ts'

/** What an index keeps of a file: its bytes only where a scanner is asked to. */
export interface IndexedFile {
  readonly path: string
  /** The version of the whole content, in Git the blob's name. */
  readonly id: string
  /** The stamp that the file tree gave for this state; absent when it could not tell. */
  readonly stamp?: string | undefined
  /** The documents that hold objects. */
  readonly documents: readonly IndexedDocument[]
  readonly problems: readonly FileProblem[]
  /** The content that the documents are ranges of. */
  readonly content?: Uint8Array | undefined
}

export interface IndexedDocument extends RawEntry {
  /** Range of the document's bytes in its file. */
  readonly start: number
  readonly end: number
}

/**
 * Recognises a file for an index.
 *
 * @param options.id the version of the whole content, when it is known already.
 */
export function indexFile(
  path: string,
  bytes: Uint8Array,
  recognize: Recognize,
  options: { readonly id?: string | undefined; readonly stamp?: string | undefined } = {},
): IndexedFile {
  const documents: IndexedDocument[] = []
  const problems: FileProblem[] = []
  const recognized = recognize(path, bytes).documents
  recognized.forEach(({ type, key, problem, start, end, line, apiVersion, contentType }, document) => {
    const location = Object.freeze({ path, document })
    if (problem !== undefined) {
      const { message } = problem
      problems.push({
        type: type === 'other' ? 'noObject' : 'invalid',
        location,
        line: problem.line,
        message,
      })
    } else if (key !== undefined) {
      // A document that is all of its file has the file's own name, where that is of the same kind.
      const isWhole = start === 0 && end === bytes.length && options.id?.length === 40
      const version = isWhole ? (options.id as string) : contentVersion(bytes.subarray(start, end))
      documents.push({ key, apiVersion, version, location, line, contentType, start, end })
    }
  })
  return { path, id: options.id ?? contentVersion(bytes), stamp: options.stamp, documents, problems }
}

/** A problem of a file as a whole, which keeps what is known of its documents. */
export function unreadableFile(path: string, message: string, known?: IndexedFile): IndexedFile {
  const location = { path, document: 0 }
  return {
    path,
    id: '',
    documents: known?.documents ?? [],
    content: known?.content,
    problems: [{ type: 'unreadable', location, line: 1, message }],
  }
}
