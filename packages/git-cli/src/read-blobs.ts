import { gitErrors, isOid } from '@lg/git'
import type { Oid } from '@lg/git'
import type { CallOptions } from '@lg/runtime'
import type { BatchReply } from './batch-parser.ts'
import type { ObjectReader } from './object-reader.ts'
import { notFound } from './trees.ts'

export async function readBlob(
  reader: ObjectReader,
  oid: Oid,
  { limit, signal }: CallOptions & { readonly limit?: number } = {},
): Promise<Uint8Array> {
  if (!isOid(oid)) throw notFound(oid, 'blob')
  if (limit !== undefined) {
    const reply = await reader.info(oid, signal)
    if (reply.type === 'object' && reply.kind === 'blob' && reply.size > limit)
      throw tooLarge(oid, reply.size, limit)
  }
  return bytesOf(await reader.contents(oid, signal), oid)
}

/** A process of its own pays from here on; below, the shared one is asked a few ahead. */
const streamFrom = 32
const ahead = 4

export async function* readBlobs(
  reader: ObjectReader,
  oids: Iterable<Oid>,
  { signal }: CallOptions = {},
): AsyncGenerator<{ readonly oid: Oid; readonly bytes: Uint8Array }> {
  signal?.throwIfAborted()
  const source = oids[Symbol.iterator]()
  const first: Oid[] = []
  while (first.length < streamFrom) {
    const next = source.next()
    if (next.done) return yield* readFew(reader, first, signal)
    first.push(checked(next.value))
  }
  // The names are kept only between question and answer.
  const waiting: Oid[] = []
  const names = function* (): Generator<Oid> {
    for (const oid of first) {
      waiting.push(oid)
      yield oid
    }
    for (let next = source.next(); !next.done; next = source.next()) {
      waiting.push(checked(next.value))
      yield next.value
    }
  }
  for await (const reply of reader.stream(names(), signal)) {
    const oid = waiting.shift() ?? ''
    yield { oid, bytes: bytesOf(reply, oid) }
  }
}

async function* readFew(
  reader: ObjectReader,
  oids: readonly Oid[],
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly oid: Oid; readonly bytes: Uint8Array }> {
  const asked: Promise<BatchReply>[] = []
  for (const [index, oid] of oids.entries()) {
    while (asked.length < Math.min(index + ahead, oids.length)) {
      const reply = reader.contents(oids[asked.length] ?? '', signal)
      reply.catch(() => {})
      asked.push(reply)
    }
    const reply = await asked[index]
    // What was handed over is the caller's alone.
    delete asked[index]
    if (reply) yield { oid, bytes: bytesOf(reply, oid) }
  }
}

function checked(oid: Oid): Oid {
  if (!isOid(oid)) throw notFound(oid, 'blob')
  return oid
}

function bytesOf(reply: BatchReply, oid: Oid): Uint8Array {
  if (reply.type !== 'object' || reply.kind !== 'blob') throw notFound(oid, 'blob')
  return reply.bytes
}

function tooLarge(oid: Oid, size: number, limit: number): Error {
  return gitErrors.create(
    'BLOB_TOO_LARGE',
    `Blob ${oid} has ${size} bytes, more than the limit of ${limit}`,
    {
      oid,
      size,
      limit,
    },
  )
}
