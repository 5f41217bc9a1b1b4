import type { Writable } from 'node:stream'
import type { Clock } from '@lg/runtime'
import type { HttpFault } from './fault.ts'

/** How bytes move from one side to the other. */
export interface Flow {
  /** No more bytes than that. */
  readonly limit: number
  readonly bytesPerSecond: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** How the given direction flows under a fault. */
export function flowUnder(
  fault: HttpFault | undefined,
  direction: 'sent' | 'received',
  clock: Clock,
  signal: AbortSignal,
): Flow {
  return {
    limit: fault?.type === 'drop' && fault.after === direction ? fault.bytes : Infinity,
    bytesPerSecond: fault?.type === 'throttle' && direction === 'sent' ? fault.bytesPerSecond : Infinity,
    clock,
    signal,
  }
}

/**
 * Moves bytes with back pressure, each chunk flushed before the next. Ends with `limit` as soon as that many
 * went through, with `closed` when the sink takes no more. The sink is not ended.
 */
export async function pump(
  source: AsyncIterable<Uint8Array>,
  sink: Writable,
  { limit, bytesPerSecond, clock, signal }: Flow,
): Promise<'ended' | 'limit' | 'closed'> {
  let left = limit
  if (left <= 0) return 'limit'
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length && left > 0;) {
      // A tenth of a second at a time keeps a slow answer flowing.
      const size = Math.min(left, chunk.length - at, Math.max(1, Math.floor(bytesPerSecond / 10)))
      if (bytesPerSecond !== Infinity) await clock.sleep((size / bytesPerSecond) * 1000, { signal })
      if (!(await write(sink, chunk.subarray(at, at + size)))) return 'closed'
      at += size
      left -= size
    }
    if (left <= 0) return 'limit'
  }
  return 'ended'
}

function write(sink: Writable, chunk: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    if (sink.destroyed || sink.writableEnded) return resolve(false)
    const closed = (): void => resolve(false)
    sink.once('close', closed)
    sink.write(chunk, (error) => {
      sink.off('close', closed)
      resolve(error === null || error === undefined)
    })
  })
}
