import type { CallOptions } from '@lg/runtime'
import type { ReadStorage } from '@lg/storage'

/** The reads of a storage that is found anew for each call. */
export type ForwardedReads = Omit<ReadStorage, 'close' | typeof Symbol.asyncDispose>

export function forwardReads(
  current: (options?: CallOptions) => Promise<ReadStorage>,
  keyOf: ReadStorage['keyOf'],
): ForwardedReads {
  return {
    keyOf,
    read: async (key, call) => (await current(call)).read(key, call),
    get: async (key, call) => (await current(call)).get(key, call),
    getMeta: async (key, call) => (await current(call)).getMeta(key, call),
    list: (async (kind: never, call: never) => (await current(call)).list(kind, call)) as ReadStorage['list'],
    listMeta: async (kind, call) => (await current(call)).listMeta(kind, call),
    find: async (kind, call) => (await current(call)).find(kind, call),
    checksum: async (key, call) => (await current(call)).checksum(key, call),
    count: async (kind, call) => (await current(call)).count(kind, call),
    kinds: async (call) => (await current(call)).kinds(call),
    problems: async (call) => (await current(call)).problems(call),
  }
}
