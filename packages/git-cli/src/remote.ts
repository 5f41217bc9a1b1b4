import { gitErrors } from '@lg/git'
import type { GitRemote } from '@lg/git'
import { createFetch } from './fetch.ts'
import type { ObjectReader } from './object-reader.ts'
import { createPush } from './push.ts'
import type { KnownRefs } from './refs.ts'
import { createRemoteProcess } from './remote-process.ts'
import type { RemoteProcessOptions } from './remote-process.ts'
import { createRemoteRefs } from './remote-refs.ts'

export interface RemoteOptions extends RemoteProcessOptions {
  readonly reader: ObjectReader
  readonly refs: KnownRefs
}

export function createRemote(options: RemoteOptions): GitRemote {
  const process = createRemoteProcess(options)
  const readRefs = createRemoteRefs(process, options.folder)
  return {
    remoteRefs: ({ prefixes = [], signal } = {}) => readRefs(prefixes, signal),
    fetch: createFetch(process, options.refs),
    push: createPush(process, options.reader, readRefs),
  }
}

/** Every call is refused: the store follows no remote. */
export function noRemote(engine: string): GitRemote {
  const refuse = async (): Promise<never> => {
    throw gitErrors.create('UNSUPPORTED', 'This repository was opened without a remote', {
      engine,
      feature: 'remote',
    })
  }
  return { remoteRefs: refuse, fetch: refuse, push: refuse }
}
