import { gitErrors } from '@lg/git'
import type { Credentials, GitRepository, Oid, RepositoryReference } from '@lg/git'
import {
  commitTree,
  createBringBlobs,
  createCommit,
  createTrees,
  createWorktrees,
  fileMode,
  isFolder,
  readBlob,
  readBlobs,
} from '@lg/git/node'
import type { CommitStore, ObjectFormat } from '@lg/git/node'
import type { CallOptions } from '@lg/runtime'
import { createGc } from './gc.ts'
import type { GitProcess } from './git-process.ts'
import { createHistory } from './history.ts'
import { createMendingProcess } from './mending-process.ts'
import { createMendingReader } from './mending-reader.ts'
import { createObjectReader } from './object-reader.ts'
import { createObjectSupply } from './object-supply.ts'
import { createObjectWriter } from './object-writer.ts'
import type { Settings } from './options.ts'
import { createRefs } from './refs.ts'
import { createRemoteProcess } from './remote-process.ts'
import { createRemote, noRemote } from './remote.ts'
import type { SshSetup } from './ssh-setup.ts'

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
  /** File contents come when they are read. */
  readonly partial: boolean
  release(reason: Error): Promise<void>
}

export function createRepository(parts: RepositoryParts): GitRepository {
  const { settings, engine, dir, format, remote } = parts
  const { clock, random } = settings
  const git = createMendingProcess(parts.git, (oid, signal) => reader.contents(oid, signal))
  const writer = createObjectWriter(dir, format, git, random)
  const process = remote && createRemoteProcess({ ...parts, git, remote })
  const supply = process && createObjectSupply({ ...parts, git, process, writer })
  const reader = createMendingReader(createObjectReader(git), { dir, supply, logger: settings.logger })
  const bring = parts.partial && supply ? createBringBlobs(reader, supply) : undefined
  const trees = createTrees(reader, format.oidLength)
  const branches = remote ? 'refs/remotes/origin/' : 'refs/heads/'
  const refs = createRefs({ git, reader, format, branches, shared: parts.shared, clock })
  const remotes = process ? createRemote(process, { reader, refs, folder: parts.folder }) : noRemote(engine)
  const store: CommitStore = { trees, reader, bring, writer, format }
  const history = createHistory(git, trees)
  let closing: Promise<void> | undefined

  const close = (): Promise<void> => {
    closing ??= parts.release(gitErrors.create('CLOSED', `The repository ${dir} is closed`, { dir }))
    return closing
  }

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

  const refuseGc = async (): Promise<never> => {
    throw gitErrors.create(
      'UNSUPPORTED',
      `${dir} is not ours to pack: it was opened as a foreign repository`,
      {
        engine,
        feature: 'gc of a foreign repository',
      },
    )
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
    readBlob: (oid, options) => readBlob(reader, bring, oid, options),
    readBlobs: (oids, options) => readBlobs(reader, bring, oids, options),
    hashBlob: (bytes) => writer.hash('blob', bytes),
    createCommit: (commit, options) => createCommit(store, commit, options),
    async mergeCommits({ ours, theirs, ...rest }, options = {}) {
      await Promise.all([trees.rootOf(ours, options), trees.rootOf(theirs, options)])
      if (bring) await bring(await changedBlobs(ours, theirs, options), options.signal)
      const tree = await history.mergeTrees(ours, theirs, options)
      return commitTree(store, tree, { ...rest, parents: [ours, theirs] }, options)
    },
    updateWorktree: createWorktrees({ dir, trees, reader, bring, random }),
    gc: parts.shared ? refuseGc : createGc({ git, refs, reader, settings, config: process?.always ?? [] }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
