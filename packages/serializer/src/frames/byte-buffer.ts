/** Bytes that are appended at the end and dropped at the front, both in amortised linear time. */
export interface ByteBuffer {
  /** What is in it now; valid until the next `append`. */
  readonly bytes: Uint8Array
  append(chunk: Uint8Array): void
  drop(count: number): void
}

const smallest = 64 * 1024

export function createByteBuffer(): ByteBuffer {
  let store: Uint8Array = new Uint8Array(0)
  let start = 0
  let end = 0
  let view: Uint8Array | undefined
  return {
    get bytes() {
      return (view ??= store.subarray(start, end))
    },
    append(chunk) {
      view = undefined
      const length = end - start
      if (length === 0) {
        // Taken as it is: it is full, so nothing is ever written into the caller's bytes.
        store = chunk
        start = 0
        end = chunk.length
        return
      }
      if (end + chunk.length > store.length) {
        // The callers' views must not change: what is kept moves to a new array, never within the old one.
        const grown = new Uint8Array(Math.max(smallest, 2 * (length + chunk.length)))
        grown.set(store.subarray(start, end))
        store = grown
        start = 0
        end = length
      }
      store.set(chunk, end)
      end += chunk.length
    },
    drop(count) {
      view = undefined
      start += count
    },
  }
}
