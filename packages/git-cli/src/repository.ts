import { gitErrors } from '@lg/git'
import type { Credentials, GitRepository, RepositoryReference } from '@lg/git'
import { createBringBlobs, createRepositoryObjects, createTrees, noRemote } from '@lg/git/node'
import type { ObjectFormat } from '@lg/git/node'
import { createGc } from './gc.ts'
import type { GitProcess } from './git-process.ts'
import { createMendingProcess } from './mending-process.ts'
import { createMendingReader } from './mending-reader.ts'
import { createObjectReader } from './object-reader.ts'
import { createObjectSupply } from './object-supply.ts'
import { createObjectWriter } from './object-writer.ts'
import type { Settings } from './options.ts'
import { createRefs } from './refs.ts'
import { createRemoteProcess } from './remote-process.ts'
import { createRemote } from './remote.ts'
import type { SshSetup } from './ssh-setup.ts'
import { createWalks } from './walks.ts'

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
  const { clock, random, onStep } = settings
  const git = createMendingProcess(parts.git, (oid, signal) => reader.contents(oid, signal))
  const writer = createObjectWriter(format, git, settings)
  const process = remote && createRemoteProcess({ ...parts, git, remote })
  const supply = process && createObjectSupply({ ...parts, git, process, writer })
  const reader = createMendingReader(createObjectReader(git), { dir, supply, logger: settings.logger })
  const bring = parts.partial && supply ? createBringBlobs(reader, supply) : undefined
  const trees = createTrees(reader, format.oidLength)
  const branches = remote ? 'refs/remotes/origin/' : 'refs/heads/'
  const refs = createRefs({ git, reader, format, branches, shared: parts.shared, clock })
  const remotes = process ? createRemote(process, { reader, refs, folder: parts.folder }) : noRemote(engine)
  const walks = createWalks(git, trees)
  let closing: Promise<void> | undefined

  const close = (): Promise<void> => {
    closing ??= parts.release(gitErrors.create('CLOSED', `The repository ${dir} is closed`, { dir }))
    return closing
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
    ...createRepositoryObjects({ dir, format, reader, writer, trees, walks, bring, random, onStep }),
    gc: parts.shared ? refuseGc : createGc({ git, refs, reader, settings, config: process?.always ?? [] }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
