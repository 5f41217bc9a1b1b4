import type { Clock, Logger } from '@lg/runtime'
import { documentChanges, problemError } from '@lg/storage'
import {
  contentVersion,
  createDiskTree,
  createScanner,
  type FileProblem,
  type FileTree,
  type IndexedDocument,
  type ObjectIndex,
  type PathRules,
  type RawDocument,
  type Recognize,
  type Scanner,
} from '@lg/storage-raw'
import { storageWatchErrors } from './errors.ts'
import { cutDocument, holdDocument, type Entry } from './events/entries.ts'
import { faultsOf, newFaults } from './files/faults.ts'
import { createOwnWrites } from './files/own-writes.ts'
import { createSettling } from './files/settle.ts'
import type { Look } from './follower.ts'

/** What is known of a directory, with the text of every object: what was there before is needed when it is gone. */
export interface DirectoryState {
  /** The files for a raw storage: reads take what is known, writes go to the disk. */
  readonly files: FileTree
  readonly scanner: Scanner
  /** @throws {LgError} `NOT_STARTED`. */
  current(): Known
  serves(document: IndexedDocument): boolean
  /** Compares files with the disk and tells what changed. */
  look(look: Look): Promise<void>
  /** The known files below folders. */
  below(folders: ReadonlySet<string>): Iterable<string>
  /** From now on it is known. */
  open(): void
}

interface Known {
  readonly index: ObjectIndex
  readonly problems: readonly FileProblem[]
}

export interface DirectoryStateOptions {
  readonly dir: string
  readonly rules: PathRules
  readonly recognize: Recognize
  readonly maxFileSize: number
  readonly fsync: boolean | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly serves: (document: IndexedDocument) => boolean
  readonly failureOf: (document: RawDocument) => Promise<Error | undefined>
  /** Has a file looked at again when it may have stayed for long enough. */
  readonly lookLater: (path: string, due: () => void) => Promise<void>
  /** Has one file looked at now, in turn with all other looks. */
  readonly look: (path: string) => Promise<void>
  readonly changed: (entries: readonly Entry[]) => void
}

export function createDirectoryState(options: DirectoryStateOptions): DirectoryState {
  const { dir, recognize, serves, failureOf, lookLater, changed, logger } = options
  const disk = createDiskTree(options)
  const own = createOwnWrites()
  const settling = createSettling({
    serves,
    failureOf: (document, file) => failureOf(cutDocument(file.content, document)),
    isKnown: ({ key, version }) => scanner.index().get(key)?.version === version,
    lookLater,
  })
  let touched = new Set<string>()
  const scanner = createScanner({
    files: disk,
    recognize,
    keepContent: true,
    settle: settling.settle,
    changed: (paths) => paths.forEach((path) => touched.add(path)),
    logger,
  })
  const survey = (): Known => ({
    index: scanner.index(),
    problems: faultsOf(scanner.problems(), settling.isWaitedFor),
  })
  let isOpen = false
  let known = survey()

  /** Tells what the files that were touched since have become. */
  const publish = (): void => {
    const before = known
    const paths = touched
    touched = new Set()
    known = survey()
    // Nobody has been told anything yet: what exists comes as that.
    if (!isOpen) return
    const isOwn = (path: string | undefined): boolean =>
      path !== undefined && own.includes(path, known.index.file(path)?.id)
    const entries: Entry[] = []
    for (const change of documentChanges(before.index, known.index, paths)) {
      const { key, before: was, after: is } = change
      const document = is ?? was
      if (document === undefined || !serves(document)) continue
      entries.push({
        type: 'change',
        key,
        before: was && holdDocument(before.index, was),
        after: is && holdDocument(known.index, is),
        origin: { by: isOwn(is?.location.path) || isOwn(was?.location.path) ? 'self' : 'other' },
      })
    }
    for (const path of paths) own.settled(path, known.index.file(path)?.id)
    for (const problem of newFaults(before.problems, known.problems)) {
      entries.push({ type: 'error', error: problemError(problem) })
    }
    if (entries.length > 0) changed(entries)
  }

  /** A file that is gone may come back elsewhere in a moment, as the same object. */
  const thatStay = async (paths: Iterable<string>): Promise<readonly string[]> => {
    const staying: string[] = []
    for (const path of paths) {
      if (scanner.index().file(path) === undefined) continue
      const stat = await disk.stat(path).catch(() => undefined)
      if (stat !== undefined) staying.push(path)
    }
    return staying
  }
  const requireWhole = (path: string, before: Uint8Array | undefined): void => {
    const file = scanner.index().file(path)
    const problem = file?.problems.find(({ type }) => type === 'invalid')
    if (problem === undefined || file?.content !== before) return
    throw storageWatchErrors.create(
      'FILE_BROKEN',
      `Cannot write ${path}: mend its line ${problem.line} first (${problem.message}); what is served is its last good state`,
      { path, line: problem.line },
    )
  }
  const files: FileTree = {
    ...disk,
    async replace(edit, call) {
      const { path, after } = edit
      const takeBack = own.expect(path, after && contentVersion(after))
      try {
        const result = await disk.replace(edit, call)
        if (result !== false) return result
      } catch (error) {
        takeBack()
        throw error
      }
      takeBack()
      // Somebody else was faster: the next attempt begins with what is there now.
      await options.look(path)
      requireWhole(path, edit.before)
      return false
    },
  }
  const requireOpen = (): void => {
    if (isOpen) return
    throw storageWatchErrors.create(
      'NOT_STARTED',
      `The storage of ${dir} is not started; await start() first`,
      { dir },
    )
  }

  return {
    files,
    scanner: {
      ...scanner,
      index() {
        requireOpen()
        return scanner.index()
      },
      async visit(path) {
        const file = scanner.index().file(path)
        return file?.content && { path, stamp: file.stamp, bytes: file.content }
      },
      adopt(path, file, bytes) {
        scanner.adopt(path, file, bytes)
        publish()
      },
    },
    current() {
      requireOpen()
      return known
    },
    serves,
    async look({ paths, trust }) {
      const wanted =
        paths === 'all' ? undefined
        : trust === 'evident' ? await thatStay(paths)
        : paths
      await settling.trusting(trust, () => scanner.scan({ paths: wanted }))
      publish()
    },
    *below(folders) {
      for (const { path } of scanner.index().files()) {
        if (foldersOf(path).some((folder) => folders.has(folder))) yield path
      }
    },
    open() {
      isOpen = true
    },
  }
}

/** `a/b/c.yaml` is in `a`, and in `a/b`; a folder may have been where the file is, too. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}
