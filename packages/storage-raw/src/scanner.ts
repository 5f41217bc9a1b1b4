import { silentLogger, type CallOptions, type Logger } from '@lg/runtime'
import { inParallel } from './concurrency.ts'
import { contentVersion } from './content-version.ts'
import type { FileContent, FileStat, FileTree } from './file-tree.ts'
import { indexFile, unreadableFile, type IndexedFile } from './indexed-file.ts'
import { createObjectIndex, type ObjectIndex } from './object-index.ts'
import type { FileProblem, Recognize } from './recognized.ts'

/** An index that is brought in step with a file tree, as a whole or file by file. */
export interface Scanner {
  index(): ObjectIndex
  /** Compares every file with the index and reads those that may have changed. */
  scan(options?: CallOptions): Promise<void>
  /** Takes over what a file holds now; the bytes are given back for the caller to read from. */
  visit(path: string, options?: CallOptions): Promise<FileContent | undefined>
  /** Takes over what a write of ours made of a file. */
  adopt(path: string, file: IndexedFile | undefined): void
  /** Forgets files, without touching them. */
  forget(paths: Iterable<string>): void
  problems(): readonly FileProblem[]
}

export function createScanner(options: {
  readonly files: FileTree
  readonly recognize: Recognize
  /** What is known of the files already. Default: nothing. */
  readonly index?: ObjectIndex | undefined
  readonly logger?: Logger | undefined
}): Scanner {
  const { files, recognize, logger = silentLogger } = options
  let index = options.index ?? createObjectIndex()
  let unreadableFolders: readonly FileProblem[] = []
  /** Paths that changed under a scan: what the scan saw of them is older. */
  const scans = new Set<Set<string>>()

  const set = (changed: readonly IndexedFile[], removed: readonly string[]): void => {
    index = index.with(changed, removed)
    for (const file of changed) {
      for (const { type, location, line, message } of file.problems) {
        const level = type === 'noObject' ? 'debug' : 'warn'
        logger[level](`${location.path}:${line}: ${message}`, { type, path: location.path, line })
      }
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
    return known?.id === id ? { ...known, stamp } : indexFile(path, bytes, recognize, { id, stamp })
  }
  const isCurrent = ({ path, stamp }: FileStat): boolean =>
    stamp !== undefined && index.file(path)?.stamp === stamp

  return {
    index: () => index,
    async scan({ signal } = {}) {
      const touched = new Set<string>()
      scans.add(touched)
      try {
        const found = await files.scan({ signal })
        const changed: IndexedFile[] = []
        await inParallel(
          found.files.filter((stat) => !isCurrent(stat)),
          async ({ path }) => {
            try {
              const content = await files.read(path, { signal })
              if (content !== undefined) changed.push(read(content))
            } catch (error) {
              signal?.throwIfAborted()
              changed.push(unreadableFile(path, (error as Error).message, index.file(path)))
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
        for (const { path } of index.files()) {
          if (!present.has(path) && !hidden(path) && !touched.has(path)) removed.push(path)
        }
        unreadableFolders = found.unreadable.map(({ path, message }) => ({
          type: 'unreadable',
          location: { path, document: 0 },
          line: 1,
          message,
        }))
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
    adopt(path, file) {
      touch(path)
      if (file === undefined) set([], [path])
      else set([file], [])
    },
    forget: (paths) => set([], [...paths]),
    problems: () => [...unreadableFolders, ...index.problems()],
  }
}
