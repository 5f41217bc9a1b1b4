/// <reference types="node" />
import { gitErrors } from '../errors.ts'
import { isOid } from '../oid.ts'
import type { Oid } from '../oid.ts'
import type { CallOptions } from '@lg/runtime'
import type { ObjectReader, ObjectReply } from './object-reader.ts'
import { notFound } from './trees.ts'

export async function readBlob(
  reader: ObjectReader,
  bring: BringBlobs | undefined,
  oid: Oid,
  { limit, signal }: CallOptions & { readonly limit?: number } = {},
): Promise<Uint8Array> {
  if (!isOid(oid)) throw notFound(oid, 'blob')
  await bring?.([oid], signal)
  if (limit !== undefined) {
    const reply = await reader.info(oid, signal)
    if (reply.type === 'object' && reply.kind === 'blob' && reply.size > limit)
      throw tooLarge(oid, reply.size, limit)
  }
  return bytesOf(await reader.contents(oid, signal), oid)
}

/** Makes sure that these blobs are here, where some may have been left out. */
export type BringBlobs = (oids: readonly Oid[], signal: AbortSignal | undefined) => Promise<void>

/** Looks for what is missing, and has it brought in one go. */
export function createBringBlobs(reader: ObjectReader, supply: { readonly bring: BringBlobs }): BringBlobs {
  return async (oids, signal) => {
    const replies = await Promise.all(oids.map((oid) => reader.info(oid, signal)))
    const missing = oids.filter((oid, index) => isOid(oid) && replies[index]?.type === 'missing')
    if (missing.length > 0) await supply.bring(missing, signal)
  }
}

/** A process of its own pays from here on; below, the shared one is asked ahead. */
const streamFrom = 2_000
/** How far ahead: as many as make a megabyte, if all were as large as the last one was. */
const fewestAhead = 4
const mostAhead = 256
const bytesAhead = 1024 * 1024
/** Blobs that are brought together. */
const bringAtOnce = 1_000

interface NamedBytes {
  readonly oid: Oid
  readonly bytes: Uint8Array
}

/** @param bring for a partial store. */
export function readBlobs(
  reader: ObjectReader,
  bring: BringBlobs | undefined,
  oids: Iterable<Oid>,
  { signal }: CallOptions = {},
): AsyncGenerator<NamedBytes> {
  // Each generator between costs as much as reading a small blob.
  return bring === undefined ? readPresent(reader, oids, signal) : readBringing(reader, bring, oids, signal)
}

async function* readBringing(
  reader: ObjectReader,
  bring: BringBlobs,
  oids: Iterable<Oid>,
  signal: AbortSignal | undefined,
): AsyncGenerator<NamedBytes> {
  signal?.throwIfAborted()
  for (const some of chunks(oids, bringAtOnce)) {
    await bring(some, signal)
    yield* readPresent(reader, some, signal)
  }
}

async function* readPresent(
  reader: ObjectReader,
  oids: Iterable<Oid>,
  signal: AbortSignal | undefined,
): AsyncGenerator<NamedBytes> {
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
  let failed = false
  try {
    for await (const reply of reader.stream(names(), signal)) {
      const [oid = ''] = waiting
      if (reply.type === 'missing') break
      waiting.shift()
      yield { oid, bytes: bytesOf(reply, oid) }
    }
  } catch (error) {
    if (!gitErrors.is(error, 'OBJECT_CORRUPT')) throw error
    failed = true
  }
  if (!failed && waiting.length === 0) return
  // The one that stopped the stream may be mended, and the rest is read as before.
  yield* readFew(reader, waiting.splice(0), signal)
  yield* readPresent(reader, remaining(source), signal)
}

function* remaining(source: Iterator<Oid>): Generator<Oid> {
  for (let next = source.next(); !next.done; next = source.next()) yield next.value
}

function* chunks(oids: Iterable<Oid>, size: number): Generator<readonly Oid[]> {
  let chunk: Oid[] = []
  for (const oid of oids) {
    if (chunk.push(checked(oid)) < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

async function* readFew(
  reader: ObjectReader,
  oids: readonly Oid[],
  signal: AbortSignal | undefined,
): AsyncGenerator<NamedBytes> {
  const asked: Promise<ObjectReply>[] = []
  let ahead = fewestAhead
  for (const [index, oid] of oids.entries()) {
    while (asked.length < Math.min(index + ahead, oids.length)) {
      const reply = reader.contents(oids[asked.length] ?? '', signal)
      reply.catch(() => {})
      asked.push(reply)
    }
    const reply = await asked[index]
    // What was handed over is the caller's alone.
    delete asked[index]
    if (reply === undefined) continue
    const bytes = bytesOf(reply, oid)
    ahead = Math.min(Math.max(fewestAhead, Math.floor(bytesAhead / (bytes.length + 1))), mostAhead)
    yield { oid, bytes }
  }
}

function checked(oid: Oid): Oid {
  if (!isOid(oid)) throw notFound(oid, 'blob')
  return oid
}

function bytesOf(reply: ObjectReply, oid: Oid): Uint8Array {
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
