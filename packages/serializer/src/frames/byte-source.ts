import type { CallOptions } from '@lg/runtime'
import { encodeUtf8 } from '../utf8.ts'

type Chunk = string | Uint8Array

/** What documents can be read from: text, bytes, a Node or Web stream, or any iterable of chunks. */
export type ByteSource = string | Uint8Array | AsyncIterable<Chunk> | Iterable<Chunk> | ReadableStream<Chunk>

/** Chunks of bytes, pulled one at a time: nothing is read ahead. */
export interface ByteChunks {
  /** The next chunk, `undefined` at the end. Rejects with the signal's reason, and lets go of the source. */
  read(options?: CallOptions): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

interface ChunkSource {
  next(): Promise<IteratorResult<Chunk, unknown>> | IteratorResult<Chunk, unknown>
  close(): Promise<unknown>
}

export function byteChunks(source: ByteSource): ByteChunks {
  let opened: ChunkSource | undefined
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await opened?.close()
  }
  return {
    close,
    async read({ signal } = {}) {
      signal?.throwIfAborted()
      if (closed) return undefined
      opened ??= open(source)
      const result = await abortable(async () => opened?.next(), signal, close)
      if (result === undefined || result.done === true) {
        closed = true
        return undefined
      }
      return typeof result.value === 'string' ? encodeUtf8(result.value) : result.value
    },
  }
}

function open(source: ByteSource): ChunkSource {
  if (typeof source === 'string' || source instanceof Uint8Array) return open([source])
  if ('getReader' in source) {
    const reader = source.getReader()
    return {
      next: () => reader.read() as Promise<IteratorResult<Chunk, unknown>>,
      close: () => reader.cancel(),
    }
  }
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  return {
    next: () => iterator.next(),
    // The iterator of a Node stream answers `return` only after a pending `next`; destroying ends both.
    close: async () => (isDestroyable(source) ? source.destroy() : iterator.return?.()),
  }
}

const isDestroyable = (source: object): source is { destroy(): unknown } =>
  'destroy' in source && typeof source.destroy === 'function'

async function abortable<T>(
  call: () => Promise<T>,
  signal: AbortSignal | undefined,
  close: () => Promise<void>,
): Promise<T> {
  if (signal === undefined) return call()
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason)
      // An iterator that waits for input may answer only when that comes: nobody waits for it here.
      close().catch(() => undefined)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const settle = (): void => signal.removeEventListener('abort', onAbort)
    call().then(
      (value) => (settle(), resolve(value)),
      (error: unknown) => (settle(), reject(error)),
    )
  })
}
