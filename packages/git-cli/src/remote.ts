import type { GitRemote } from '@lg/git'
import type { ObjectReader } from '@lg/git/node'
import { createFetch } from './fetch.ts'
import { createPush } from './push.ts'
import type { KnownRefs } from './refs.ts'
import type { RemoteProcess } from './remote-process.ts'
import { createRemoteRefs } from './remote-refs.ts'

export interface RemoteParts {
  readonly reader: ObjectReader
  readonly refs: KnownRefs
  /** The repository's private folder. */
  readonly folder: string
}

export function createRemote(process: RemoteProcess, { reader, refs, folder }: RemoteParts): GitRemote {
  const readRefs = createRemoteRefs(process, folder)
  return {
    remoteRefs: ({ prefixes = [], signal } = {}) => readRefs(prefixes, signal),
    fetch: createFetch(process, reader, refs),
    push: createPush(process, reader, readRefs),
  }
}
