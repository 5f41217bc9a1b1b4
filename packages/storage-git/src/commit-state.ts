import type { GitRepository, Oid, TreeEntry } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import {
  createObjectIndex,
  indexFile,
  unreadableFile,
  type IndexedFile,
  type ObjectIndex,
  type PathRules,
  type Recognize,
} from '@lg/storage-raw'

/** Which objects a commit holds, and where. */
export interface CommitState {
  readonly commit: Oid
  readonly index: ObjectIndex
}

export interface IndexTools {
  readonly repository: GitRepository
  readonly recognize: Recognize
  readonly rules: PathRules
}

/** A larger file is no manifest; it is reported, and not looked into. Bytes. */
const fileLimit = 16 * 1024 * 1024

/** Reads every file of a commit that may hold objects. */
export async function readCommitState(
  tools: IndexTools,
  commit: Oid,
  options: CallOptions = {},
): Promise<CommitState> {
  const entries = await tools.repository.listTree(commit, options)
  return { commit, index: createObjectIndex(await indexEntries(tools, entries, options)) }
}

/**
 * The state of another commit, by reading only the files that differ. Of two unrelated commits too: only trees count.
 */
export async function followCommit(
  tools: IndexTools,
  from: CommitState,
  commit: Oid,
  options: CallOptions = {},
): Promise<CommitState> {
  if (from.commit === commit) return from
  const changes = await tools.repository.diffTrees(from.commit, commit, options)
  const removed = changes.flatMap((change) => (change.type === 'deleted' ? [change.path] : []))
  const entries = changes.flatMap((change) => (change.type === 'deleted' ? [] : [change.after]))
  // A file may have become a symlink, or outgrown the rules: what is not indexed anew is forgotten.
  const files = await indexEntries(tools, entries, options)
  const gone = entries.map(({ path }) => path)
  return { commit, index: from.index.with(files, [...removed, ...gone]) }
}

/** The files that may hold objects and differ between two states, ordered by path. */
export async function changedPaths(
  { repository, rules }: IndexTools,
  from: CommitState,
  to: CommitState,
  options: CallOptions = {},
): Promise<readonly string[]> {
  const changes = await repository.diffTrees(from.commit, to.commit, options)
  return changes.map(({ path }) => path).filter((path) => rules.file(path))
}

async function indexEntries(
  { repository, recognize, rules }: IndexTools,
  entries: readonly TreeEntry[],
  options: CallOptions,
): Promise<IndexedFile[]> {
  const pathsByBlob = new Map<Oid, string[]>()
  for (const { path, mode, oid } of entries) {
    if ((mode !== 'file' && mode !== 'executable') || path.includes('\uFFFD') || !rules.file(path)) continue
    const paths = pathsByBlob.get(oid)
    if (paths === undefined) pathsByBlob.set(oid, [path])
    else paths.push(path)
  }
  const files: IndexedFile[] = []
  for (const { path, mode } of entries) {
    // Decoded, such a name is another one, under which the file would be written back beside itself.
    if (mode !== 'submodule' && path.includes('\uFFFD') && rules.file(path))
      files.push(unreadableFile(path, 'The name of the file is not UTF-8; rename it'))
  }
  for await (const { oid, bytes } of repository.readBlobs(pathsByBlob.keys(), options)) {
    for (const path of pathsByBlob.get(oid) ?? []) {
      files.push(
        bytes.length > fileLimit ?
          unreadableFile(path, `The file has ${bytes.length} bytes; at most ${fileLimit} are read`)
        : indexFile(path, bytes, recognize, { id: oid }),
      )
    }
  }
  return files
}
