import type { CallOptions, Random } from '@lg/runtime'
import type { GitObjects, GitWorktree } from '../git.ts'
import type { Oid } from '../oid.ts'
import { commitTree, createCommit } from './create-commit.ts'
import type { ObjectFormat } from './object-format.ts'
import { createHistory, type CommitWalks } from './history.ts'
import type { ObjectReader } from './object-reader.ts'
import type { ObjectWriter } from './object-writer.ts'
import { readBlob, readBlobs, type BringBlobs } from './read-blobs.ts'
import type { OnFileStep } from './steps.ts'
import { fileMode, isFolder } from './tree.ts'
import type { Trees } from './trees.ts'
import { createWorktrees } from './worktree.ts'

/** What an engine brings along: how single objects are read and written, and walks over commits. */
export interface RepositoryObjectsParts {
  /** The store. */
  readonly dir: string
  readonly format: ObjectFormat
  readonly reader: ObjectReader
  readonly writer: ObjectWriter
  readonly trees: Trees
  readonly walks: CommitWalks
  /** For a partial store. */
  readonly bring: BringBlobs | undefined
  readonly random: Random
  readonly onStep?: OnFileStep | undefined
}

/** All of the port that is about objects, which every engine does alike. */
export function createRepositoryObjects(parts: RepositoryObjectsParts): GitObjects & GitWorktree {
  const { reader, writer, trees, bring } = parts
  const { mergeTrees, ...history } = createHistory(trees, parts.walks)

  /** What a merge may have to look into: all that either side did. */
  const changedBlobs = async (ours: Oid, theirs: Oid, options: CallOptions): Promise<readonly Oid[]> => {
    const base = await history.mergeBase(ours, theirs, options)
    const sides = await Promise.all([ours, theirs].map((side) => trees.diffTrees(base, side, options)))
    const entries = sides
      .flat()
      .flatMap((change) => [
        ...('before' in change ? [change.before] : []),
        ...('after' in change ? [change.after] : []),
      ])
    return Array.from(new Set(entries.flatMap(({ mode, oid }) => (mode === 'submodule' ? [] : [oid]))))
  }

  return {
    ...history,
    readCommit: trees.readCommit,
    listTree: trees.listTree,
    diffTrees: trees.diffTrees,
    async findEntry(commit, path, options) {
      const node = await trees.findNode(commit, path, options)
      return node && !isFolder(node.mode) ? { path, mode: fileMode(node.mode), oid: node.oid } : undefined
    },
    readBlob: (oid, options) => readBlob(reader, bring, oid, options),
    readBlobs: (oids, options) => readBlobs(reader, bring, oids, options),
    hashBlob: (bytes) => writer.hash('blob', bytes),
    createCommit: (commit, options) => createCommit(parts, commit, options),
    async mergeCommits({ ours, theirs, ...rest }, options = {}) {
      await Promise.all([trees.rootOf(ours, options), trees.rootOf(theirs, options)])
      if (bring) await bring(await changedBlobs(ours, theirs, options), options.signal)
      const tree = await mergeTrees(ours, theirs, options)
      return commitTree(parts, tree, { ...rest, parents: [ours, theirs] }, options)
    },
    updateWorktree: createWorktrees(parts),
  }
}
