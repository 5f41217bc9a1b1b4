import { gitErrors } from '@lg/git'
import type { GitRepository } from '@lg/git'
import { createLooseWriter, createRepositoryObjects, createTrees, noRemote, sha1 } from '@lg/git/node'
import type { ObjectWriter } from '@lg/git/node'
import { randomHex } from '@lg/runtime'
import type { Engine } from './engine.ts'
import { engine as engineName, unsupported } from './find-module.ts'
import { createObjectReader } from './object-reader.ts'
import type { Settings } from './options.ts'
import { createRefs } from './refs.ts'
import { createRemote } from './remote.ts'
import type { RemoteParts } from './remote.ts'
import { createWalks } from './walks.ts'

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
  const remotes = remote ? createRemote(remoteParts(parts, { remote, reader, refs })) : noRemote(engineName)
  const walks = createWalks(engine, trees, timeouts.local)
  const objects = { dir, format: sha1, reader, writer, trees, walks, bring: undefined, random }
  let closing: Promise<void> | undefined

  const close = (): Promise<void> => {
    closing ??= parts.release(gitErrors.create('CLOSED', `The repository ${dir} is closed`, { dir }))
    return closing
  }

  return {
    dir,
    ...refs,
    ...remotes,
    ...createRepositoryObjects(objects),
    gc: async () => {
      throw unsupported('packing a store')
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function stoppable(engine: Engine, writer: ObjectWriter): ObjectWriter {
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
