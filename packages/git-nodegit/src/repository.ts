import { gitErrors } from '@lg/git'
import type { GitRemote, GitRepository } from '@lg/git'
import {
  commitTree,
  createCommit,
  createLooseWriter,
  createTrees,
  createWorktrees,
  fileMode,
  isFolder,
  readBlob,
  readBlobs,
  sha1,
} from '@lg/git/node'
import type { CommitStore } from '@lg/git/node'
import { randomHex } from '@lg/runtime'
import type { Engine } from './engine.ts'
import { unsupported } from './find-module.ts'
import { createHistory } from './history.ts'
import { createObjectReader } from './object-reader.ts'
import type { Settings } from './options.ts'
import { createRefs } from './refs.ts'
import { createRemote } from './remote.ts'
import type { RemoteParts } from './remote.ts'

export interface RepositoryParts extends Pick<RemoteParts, 'engine' | 'credentials' | 'home'> {
  readonly settings: Settings
  readonly dir: string
  readonly remote: RemoteParts['remote'] | undefined
  release(reason: Error): Promise<void>
}

export function createRepository(parts: RepositoryParts): GitRepository {
  const { settings, engine, dir, remote } = parts
  const { random, timeouts } = settings
  const reader = createObjectReader(engine, timeouts.local)
  const trees = createTrees(reader, sha1.oidLength)
  const writer = stoppable(engine, createLooseWriter(dir, sha1, random))
  const refs = createRefs(engine, remote ? 'refs/remotes/origin/' : 'refs/heads/', settings)
  const remotes = remote ? createRemote(remoteParts(parts, { remote, reader, refs })) : noRemote()
  const store: CommitStore = { trees, reader, bring: undefined, writer, format: sha1 }
  const { mergeTrees, ...history } = createHistory(engine, trees, timeouts.local)
  let closing: Promise<void> | undefined

  const close = (): Promise<void> => {
    closing ??= parts.release(gitErrors.create('CLOSED', `The repository ${dir} is closed`, { dir }))
    return closing
  }

  return {
    dir,
    ...refs,
    ...remotes,
    ...history,
    readCommit: trees.readCommit,
    listTree: trees.listTree,
    diffTrees: trees.diffTrees,
    async findEntry(commit, path, options) {
      const node = await trees.findNode(commit, path, options)
      return node && !isFolder(node.mode) ? { path, mode: fileMode(node.mode), oid: node.oid } : undefined
    },
    readBlob: (oid, options) => readBlob(reader, undefined, oid, options),
    readBlobs: (oids, options) => readBlobs(reader, undefined, oids, options),
    hashBlob: (bytes) => writer.hash('blob', bytes),
    createCommit: (commit, options) => createCommit(store, commit, options),
    async mergeCommits({ ours, theirs, ...rest }, options = {}) {
      await Promise.all([trees.rootOf(ours, options), trees.rootOf(theirs, options)])
      const tree = await mergeTrees(ours, theirs, options)
      return commitTree(store, tree, { ...rest, parents: [ours, theirs] }, options)
    },
    updateWorktree: createWorktrees({ dir, trees, reader, bring: undefined, random }),
    gc: async () => {
      throw unsupported('packing a store')
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function stoppable(engine: Engine, writer: CommitStore['writer']): CommitStore['writer'] {
  return {
    ...writer,
    async write(objects, options) {
      engine.throwIfStopped()
      await writer.write(objects, options)
    },
  }
}

function remoteParts(
  { engine, credentials, home, settings }: RepositoryParts,
  { remote, reader, refs }: Pick<RemoteParts, 'remote' | 'reader'> & { refs: ReturnType<typeof createRefs> },
): RemoteParts {
  return {
    engine,
    reader,
    remote,
    credentials,
    home,
    timeout: settings.timeouts.remote,
    listRefs: (signal) => refs.listRefs('refs/', { signal }),
    uniqueName: () => randomHex(settings.random, 8),
  }
}

/** Every call is refused: the store follows no remote. */
function noRemote(): GitRemote {
  const refuse = async (): Promise<never> => {
    throw unsupported('calls to a remote, in a repository that was opened without one')
  }
  return { remoteRefs: refuse, fetch: refuse, push: refuse }
}
