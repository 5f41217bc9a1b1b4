/**
 * The whole body, or `undefined` when it has more bytes than the limit; the rest is then not read. Rejects with the
 * signal's reason.
 */
export async function readBody(
  { body }: Pick<Response, 'body'>,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = body?.getReader()
  if (reader === undefined) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  // The connection may be broken already; what counts is that no more is read.
  const stop = (): Promise<void> => reader.cancel().catch(() => undefined)
  const abort = (): void => void stop()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) break
      length += value.byteLength
      if (length > limit) {
        await stop()
        return undefined
      }
      chunks.push(value)
    }
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', abort)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
