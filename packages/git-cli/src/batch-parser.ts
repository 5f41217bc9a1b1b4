import type { ObjectReply } from '@lg/git/node'
export interface BatchParser {
  push(chunk: Buffer): void
}

const newline = 0x0a
const noBytes = new Uint8Array(0)

/**
 * Cuts the output of `cat-file --batch-command` into replies, in time and memory linear in its size.
 *
 * @param hasBody whether the reply that is due carries the object's bytes.
 */
export function createBatchParser(
  hasBody: () => boolean,
  onReply: (reply: ObjectReply) => void,
): BatchParser {
  let header: Buffer = Buffer.alloc(0)
  let body:
    { readonly oid: string; readonly kind: string; readonly bytes: Uint8Array; filled: number } | undefined

  const readHeader = (chunk: Buffer, start: number): number => {
    const end = chunk.indexOf(newline, start)
    if (end < 0) {
      header = Buffer.concat([header, chunk.subarray(start)])
      return chunk.length
    }
    const line = Buffer.concat([header, chunk.subarray(start, end)]).toString('latin1')
    header = Buffer.alloc(0)
    const object = /^([0-9a-f]{40,64}) ([a-z]+) ([0-9]+)$/.exec(line)
    if (object) {
      const [, oid = '', kind = '', size = ''] = object
      if (hasBody()) body = { oid, kind, bytes: new Uint8Array(Number(size)), filled: 0 }
      else onReply({ type: 'object', oid, kind, size: Number(size), bytes: noBytes })
    } else {
      onReply({ type: line.endsWith(' ambiguous') ? 'ambiguous' : 'missing' })
    }
    return end + 1
  }

  const readBody = (chunk: Buffer, start: number, current: NonNullable<typeof body>): number => {
    const { oid, kind, bytes, filled } = current
    const part = chunk.subarray(start, start + bytes.length - filled)
    bytes.set(part, filled)
    current.filled += part.length
    const next = start + part.length
    // One newline follows the bytes.
    if (current.filled < bytes.length || next >= chunk.length) return next
    body = undefined
    onReply({ type: 'object', oid, kind, size: bytes.length, bytes })
    return next + 1
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) at = body ? readBody(chunk, at, body) : readHeader(chunk, at)
    },
  }
}
