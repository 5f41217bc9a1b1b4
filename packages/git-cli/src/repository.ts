import { gitErrors } from '@lg/git'
import type { Credentials, GitRepository, RepositoryReference } from '@lg/git'
import { commitTree, createCommit } from './create-commit.ts'
import type { CommitStore } from './create-commit.ts'
import type { GitProcess } from './git-process.ts'
import { createHistory } from './history.ts'
import type { ObjectFormat } from './object-format.ts'
import { createObjectReader } from './object-reader.ts'
import { createObjectWriter } from './object-writer.ts'
import type { Settings } from './options.ts'
import { readBlob, readBlobs } from './read-blobs.ts'
import { createRefs } from './refs.ts'
import { createRemote, noRemote } from './remote.ts'
import type { SshSetup } from './ssh-setup.ts'
import { fileMode, isFolder } from './tree.ts'
import { createTrees } from './trees.ts'
import { createWorktrees } from './worktree.ts'

export interface RepositoryParts {
  readonly settings: Settings
  readonly engine: string
  readonly dir: string
  readonly git: GitProcess
  readonly format: ObjectFormat
  readonly remote: RepositoryReference | undefined
  readonly credentials: Credentials | undefined
  readonly ssh: SshSetup | undefined
  /** Not ours alone: others write there too. */
  readonly shared: boolean
  /** Private, and removed at the end. */
  readonly folder: string
  release(reason: Error): Promise<void>
}

export function createRepository(parts: RepositoryParts): GitRepository {
  const { settings, engine, dir, git, format, remote } = parts
  const reader = createObjectReader(git)
  const trees = createTrees(reader, format.oidLength)
  const writer = createObjectWriter(dir, format, git, settings.random)
  const branches = remote ? 'refs/remotes/origin/' : 'refs/heads/'
  const refs = createRefs({ git, reader, format, branches, shared: parts.shared })
  const remotes = remote ? createRemote({ ...parts, reader, refs, remote }) : noRemote(engine)
  const store: CommitStore = { trees, reader, writer, format }
  const history = createHistory(git, trees)
  let closing: Promise<void> | undefined

  const close = (): Promise<void> => {
    closing ??= parts.release(gitErrors.create('CLOSED', `The repository ${dir} is closed`, { dir }))
    return closing
  }

  return {
    dir,
    resolve: refs.resolve,
    listRefs: refs.listRefs,
    updateRef: refs.updateRef,
    ...remotes,
    ...history,
    readCommit: trees.readCommit,
    listTree: trees.listTree,
    diffTrees: trees.diffTrees,
    async findEntry(commit, path, options) {
      const node = await trees.findNode(commit, path, options)
      return node && !isFolder(node.mode) ? { path, mode: fileMode(node.mode), oid: node.oid } : undefined
    },
    readBlob: (oid, options) => readBlob(reader, oid, options),
    readBlobs: (oids, options) => readBlobs(reader, oids, options),
    hashBlob: (bytes) => writer.hash('blob', bytes),
    createCommit: (commit, options) => createCommit(store, commit, options),
    async mergeCommits({ ours, theirs, ...rest }, options = {}) {
      await Promise.all([trees.rootOf(ours, options), trees.rootOf(theirs, options)])
      const tree = await history.mergeTrees(ours, theirs, options)
      return commitTree(store, tree, { ...rest, parents: [ours, theirs] }, options)
    },
    updateWorktree: createWorktrees({ dir, trees, reader, random: settings.random }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
