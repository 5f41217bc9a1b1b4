import { silentLogger, type CallOptions, type Logger } from '@lg/runtime'
import { inParallel } from './concurrency.ts'
import { contentVersion } from './content-version.ts'
import { rawStorageErrors } from './errors.ts'
import type { FileContent, FileStat, FileTree, TreeScan } from './file-tree.ts'
import { indexFile, unreadableFile, type IndexedFile } from './indexed-file.ts'
import { createObjectIndex, type ObjectIndex } from './object-index.ts'
import type { FileProblem, Recognize } from './recognized.ts'

/** An index that is brought in step with a file tree, as a whole or file by file. */
export interface Scanner {
  index(): ObjectIndex
  /** Compares every file, or these, with the index and reads those that may have changed. */
  scan(options?: CallOptions & { readonly paths?: Iterable<string> | undefined }): Promise<void>
  /** Takes over what a file holds now; the bytes are given back for the caller to read from. */
  visit(path: string, options?: CallOptions): Promise<FileContent | undefined>
  /** Takes over what a write of ours made of a file: `bytes` is its content now. */
  adopt(path: string, file: IndexedFile | undefined, bytes: Uint8Array | undefined): void
  /** Forgets files, without touching them. */
  forget(paths: Iterable<string>): void
  problems(): readonly FileProblem[]
}

export interface ScannerOptions {
  readonly files: FileTree
  readonly recognize: Recognize
  /** What is known of the files already. Default: nothing. */
  readonly index?: ObjectIndex | undefined
  /** Whether the index holds the bytes of files too. Default false. */
  readonly keepContent?: boolean | undefined
  /** Decides what a scan takes over of a file that changed: the new state, another, or for now nothing. Default: the new one. */
  readonly settle?:
    ((file: IndexedFile, known: IndexedFile | undefined) => Promise<IndexedFile | undefined>) | undefined
  /** Told which files the index has another state of now, or has no more. */
  readonly changed?: ((paths: readonly string[]) => void) | undefined
  readonly logger?: Logger | undefined
}

export function createScanner(options: ScannerOptions): Scanner {
  const { files, recognize, keepContent = false, settle, logger = silentLogger } = options
  let index = options.index ?? createObjectIndex()
  let unreadableFolders: readonly FileProblem[] = []
  /** Paths that changed under a scan: what the scan saw of them is older. */
  const scans = new Set<Set<string>>()

  const set = (changed: readonly IndexedFile[], removed: readonly string[]): void => {
    if (changed.length === 0 && removed.length === 0) return
    const before = index
    index = index.with(changed, removed)
    options.changed?.([...changed.map(({ path }) => path), ...removed])
    for (const file of changed) {
      // The same state looked at again is no news.
      if (before.file(file.path)?.problems !== file.problems) logProblems(file, logger)
    }
  }
  const touch = (path: string): void => {
    for (const touched of scans) touched.add(path)
  }
  const read = (content: FileContent): IndexedFile => {
    const { path, bytes, stamp } = content
    const known = index.file(path)
    if (known !== undefined && stamp !== undefined && (known.stamp === stamp || known.id === stamp))
      return known
    const id = contentVersion(bytes)
    return known?.id === id ?
        { ...known, stamp }
      : withContent(indexFile(path, bytes, recognize, { id, stamp }), bytes)
  }
  const withContent = (file: IndexedFile, content: Uint8Array): IndexedFile =>
    keepContent ? { ...file, content } : file
  const unreadable = (path: string, message: string): IndexedFile => {
    const known = index.file(path)
    const [problem] = known?.problems ?? []
    return known !== undefined && problem?.type === 'unreadable' && problem.message === message ?
        known
      : unreadableFile(path, message, known)
  }
  const isCurrent = ({ path, stamp }: FileStat): boolean =>
    stamp !== undefined && index.file(path)?.stamp === stamp

  return {
    index: () => index,
    async scan({ paths, signal } = {}) {
      const touched = new Set<string>()
      scans.add(touched)
      try {
        const wanted = paths && new Set(paths)
        const found = await (wanted === undefined ? files.scan({ signal }) : statAll(files, wanted, signal))
        const changed: IndexedFile[] = []
        await inParallel(
          found.files.filter((stat) => !isCurrent(stat)),
          async ({ path }) => {
            try {
              const content = await files.read(path, { signal })
              if (content === undefined) return
              const known = index.file(path)
              const file = read(content)
              const settled = settle === undefined || file.id === known?.id ? file : await settle(file, known)
              if (settled !== undefined && settled !== known) changed.push(settled)
            } catch (error) {
              signal?.throwIfAborted()
              changed.push(unreadable(path, (error as Error).message))
            }
          },
          { limit: 64, signal },
        )
        const present = new Set(found.files.map(({ path }) => path))
        const hidden = (path: string): boolean =>
          found.unreadable.some(
            (place) => place.path === '' || path === place.path || path.startsWith(`${place.path}/`),
          )
        const removed: string[] = []
        for (const path of wanted ?? pathsOf(index)) {
          if (!present.has(path) && !hidden(path) && !touched.has(path)) removed.push(path)
        }
        if (wanted === undefined) {
          unreadableFolders = found.unreadable.map(({ path, message }) => ({
            type: 'unreadable',
            location: { path, document: 0 },
            line: 1,
            message,
          }))
        } else {
          for (const { path, message } of found.unreadable) changed.push(unreadable(path, message))
        }
        set(
          changed.filter(({ path }) => !touched.has(path)),
          removed,
        )
      } finally {
        scans.delete(touched)
      }
    },
    async visit(path, { signal } = {}) {
      const content = await files.read(path, { signal })
      touch(path)
      if (content === undefined) {
        if (index.file(path) !== undefined) set([], [path])
        return undefined
      }
      const file = read(content)
      const known = index.file(path)
      if (file !== known) set([file], [])
      return content
    },
    adopt(path, file, bytes) {
      touch(path)
      if (file === undefined) set([], [path])
      else set([bytes === undefined ? file : withContent(file, bytes)], [])
    },
    forget: (paths) => set([], [...paths]),
    problems: () => [...unreadableFolders, ...index.problems()],
  }
}

/** A scan of a few files. What stands behind a link, or where no file can be, is not there. */
async function statAll(
  files: FileTree,
  paths: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<TreeScan> {
  const found: FileStat[] = []
  const unreadable: { path: string; message: string }[] = []
  await inParallel(
    paths,
    async (path) => {
      try {
        const stat = files.includes(path) ? await files.stat(path, { signal }) : undefined
        if (stat !== undefined) found.push(stat)
      } catch (error) {
        signal?.throwIfAborted()
        if (rawStorageErrors.is(error, 'INVALID_PATH') || rawStorageErrors.is(error, 'PATH_COLLISION')) return
        unreadable.push({ path, message: (error as Error).message })
      }
    },
    { limit: 64, signal },
  )
  return { files: found, unreadable }
}

function* pathsOf(index: ObjectIndex): Iterable<string> {
  for (const { path } of index.files()) yield path
}

function logProblems({ problems }: IndexedFile, logger: Logger): void {
  for (const { type, location, line, message } of problems) {
    const level = type === 'noObject' ? 'debug' : 'warn'
    logger[level](`${location.path}:${line}: ${message}`, { type, path: location.path, line })
  }
}
