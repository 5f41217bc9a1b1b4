import { isOid } from '@lg/git'
import type { Oid } from '@lg/git'
import type { ObjectReader, ObjectReply } from '@lg/git/node'
import type { Engine } from './engine.ts'
import type { ReadObject, ReadRequest } from './engine/calls.ts'

interface Waiting {
  readonly request: ReadRequest
  settle(reply: ObjectReply): void
  fail(error: unknown): void
}

/** Objects in one message, and messages under way when many are streamed. */
const atOnce = 64
const ahead = 2

/** Reads single objects, asked for in the same turn of the loop, in one message. */
export function createObjectReader(engine: Engine, timeout: number): ObjectReader {
  let queued: Waiting[] = []

  const read = (
    requests: readonly ReadRequest[],
    signal?: AbortSignal,
  ): Promise<readonly (ReadObject | null)[]> =>
    engine.call('read', requests, { timeout, signal, repeatable: true })

  const flush = (): void => {
    const all = queued
    queued = []
    for (let start = 0; start < all.length; start += atOnce) void readSome(all.slice(start, start + atOnce))
  }

  const readSome = async (some: readonly Waiting[]): Promise<void> => {
    try {
      const objects = await read(some.map(({ request }) => request))
      for (const [index, { request, settle }] of some.entries())
        settle(replyOf(request.oid, objects[index] ?? null))
    } catch (error) {
      for (const { fail } of some) fail(error)
    }
  }

  const ask = (oid: Oid, bytes: boolean, signal: AbortSignal | undefined): Promise<ObjectReply> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (!isOid(oid)) return resolve({ type: 'missing' })
      const onAbort = (): void => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      const finish = (): void => signal?.removeEventListener('abort', onAbort)
      if (queued.length === 0) queueMicrotask(flush)
      queued.push({
        request: { oid, bytes },
        settle(reply) {
          finish()
          resolve(reply)
        },
        fail(error) {
          finish()
          reject(error)
        },
      })
    })

  return {
    info: (oid, signal) => ask(oid, false, signal),
    contents: (oid, signal) => ask(oid, true, signal),
    async *stream(oids, signal) {
      signal?.throwIfAborted()
      const source = oids[Symbol.iterator]()
      const running: { readonly oids: readonly Oid[]; readonly objects: ReturnType<typeof read> }[] = []
      const advance = (): void => {
        const next = take(source, atOnce)
        if (next.length === 0) return
        const objects = read(
          next.map((oid) => ({ oid, bytes: true })),
          signal,
        )
        objects.catch(() => {})
        running.push({ oids: next, objects })
      }
      for (let started = 0; started < ahead; started++) advance()
      for (let first = running.shift(); first !== undefined; first = running.shift()) {
        advance()
        const objects = await first.objects
        for (const [index, oid] of first.oids.entries()) {
          signal?.throwIfAborted()
          engine.throwIfStopped()
          yield replyOf(oid, objects[index] ?? null)
        }
      }
    },
  }
}

function take(source: Iterator<Oid>, count: number): readonly Oid[] {
  const taken: Oid[] = []
  for (let next = count > 0 ? source.next() : undefined; next && !next.done; next = source.next()) {
    if (taken.push(next.value) === count) break
  }
  return taken
}

function replyOf(oid: Oid, object: ReadObject | null): ObjectReply {
  if (object === null) return { type: 'missing' }
  const { kind, size, bytes } = object
  // A copy, so that one object does not keep the message with all the others.
  return { type: 'object', oid, kind, size, bytes: new Uint8Array(bytes) }
}
