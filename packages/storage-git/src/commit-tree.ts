import type { FileChange, FileMode, GitRepository, Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import {
  rawStorageErrors,
  type FileContent,
  type FileTree,
  type PathRules,
  type TreeEdit,
} from '@lg/storage-raw'

export interface CommitTree extends FileTree {
  /**
   * Gives a file another path, with its bytes and mode.
   *
   * @throws {LgError} `PATH_COLLISION` when something is there already.
   */
  move(from: string, to: string, options?: CallOptions): Promise<void>
  /** What was written on top of the commit, without what ended as it was; ordered by path. */
  changes(): readonly FileChange[]
}

export interface CommitTreeOptions {
  readonly repository: GitRepository
  readonly commit: Oid
  readonly rules: PathRules
  /** The blob of a file, where the caller has it from an index; saves a look into the tree. */
  readonly blobOf: (path: string) => Oid | undefined
  /** Without, the tree is read-only. */
  readonly writable?: boolean | undefined
}

interface StagedFile {
  readonly base: Oid | undefined
  readonly bytes: Uint8Array | undefined
  /** That of the file it was moved from. */
  readonly mode?: FileMode | undefined
}

/**
 * The files of one commit, and what is written on top of them, which stays in memory: the work of one transaction,
 * seen by nobody else.
 */
export function createCommitTree(options: CommitTreeOptions): CommitTree {
  const { repository, commit, rules, blobOf, writable = false } = options
  const staged = new Map<string, StagedFile>()

  const baseOf = async (path: string, call: CallOptions): Promise<Oid | undefined> => {
    const known = blobOf(path)
    if (known !== undefined) return known
    const entry = await repository.findEntry(commit, path, call)
    return entry?.mode === 'file' || entry?.mode === 'executable' ? entry.oid : undefined
  }
  const read = async (path: string, call: CallOptions = {}): Promise<FileContent | undefined> => {
    const change = staged.get(path)
    if (change !== undefined) {
      return change.bytes && { path, bytes: change.bytes.slice(), stamp: repository.hashBlob(change.bytes) }
    }
    const oid = await baseOf(path, call)
    return oid === undefined ? undefined : { path, bytes: await repository.readBlob(oid, call), stamp: oid }
  }

  return {
    name: commit,
    writable,
    exclusive: true,
    includes: (path) => rules.file(path),
    read,
    async scan(call = {}) {
      const entries = await repository.listTree(commit, call)
      const files = new Map<string, string>()
      for (const { path, mode, oid } of entries) {
        if ((mode === 'file' || mode === 'executable') && rules.file(path)) files.set(path, oid)
      }
      for (const [path, { bytes }] of staged) {
        if (bytes === undefined) files.delete(path)
        else files.set(path, repository.hashBlob(bytes))
      }
      const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
      return { files: sorted.map(([path, stamp]) => ({ path, stamp })), unreadable: [] }
    },
    async stat(path, call = {}) {
      const change = staged.get(path)
      if (change !== undefined) return change.bytes && { path, stamp: repository.hashBlob(change.bytes) }
      const stamp = await baseOf(path, call)
      return stamp === undefined ? undefined : { path, stamp }
    },
    async replace({ path, before, after }: TreeEdit, call = {}) {
      if (!writable)
        throw rawStorageErrors.create('READ_ONLY', `${commit} is a commit; it cannot be changed`, {
          reason: 'a commit cannot be changed',
        })
      const current = await read(path, call)
      const expected = before && repository.hashBlob(before)
      if (current?.stamp !== expected) return false
      if (current === undefined && !staged.has(path)) await checkFree(path, call)
      const base = staged.has(path) ? staged.get(path)?.base : await baseOf(path, call)
      const stamp = after && repository.hashBlob(after)
      if (stamp === base) staged.delete(path)
      // The bytes are the caller's, who may use them again.
      else staged.set(path, { base, bytes: after && Uint8Array.from(after), mode: staged.get(path)?.mode })
      return stamp === undefined ? true : { path, stamp }
    },
    async move(from, to, call = {}) {
      const content = await read(from, call)
      if (content === undefined) return
      if ((await read(to, call)) !== undefined) throw collision(to, to)
      if (!staged.has(to)) await checkFree(to, call)
      const [source, target] = [staged.get(from), staged.get(to)]
      const mode = source?.mode ?? (await repository.findEntry(commit, from, call))?.mode
      const base = source === undefined ? await baseOf(from, call) : source.base
      if (target !== undefined && target.base === content.stamp) staged.delete(to)
      else staged.set(to, { base: target?.base, bytes: content.bytes, mode })
      if (base === undefined) staged.delete(from)
      else staged.set(from, { base, bytes: undefined })
    },
    changes: () =>
      [...staged]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, { bytes, mode }]) =>
          bytes === undefined ? { type: 'delete', path } : { type: 'write', path, content: bytes, mode },
        ),
    // What was written outlives the storage on top: it is committed after that is closed.
    close: async () => {},
  }

  /** A symlink, submodule or folder of that name is in the way of a new file. */
  async function checkFree(path: string, call: CallOptions): Promise<void> {
    const entry = await repository.findEntry(commit, path, call)
    const below = entry === undefined ? await repository.listTree(commit, { ...call, under: path }) : []
    if (entry === undefined && below.length === 0) return
    const existing = entry?.path ?? below[0]?.path ?? path
    throw collision(path, existing)
  }
}

const collision = (path: string, existing: string): Error =>
  rawStorageErrors.create('PATH_COLLISION', `Cannot make the file ${path}: ${existing} is there`, {
    path,
    existing,
  })
