import type { CallOptions } from '@lg/runtime'
import { encodeUtf8 } from '../utf8.ts'

/** A Node stream, as far as it is used here. */
export interface NodeWritable {
  write(chunk: string, callback: (error?: Error | null) => void): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** What documents can be written to: a Node or Web stream, or a function that takes text. */
export type TextSink = NodeWritable | WritableStream<Uint8Array> | ((text: string) => void | Promise<void>)

/** Takes texts one at a time; a promise resolves when the stream has taken the text, which is the back-pressure. */
export interface TextOutput {
  write(text: string, options?: CallOptions): Promise<void>
  close(): Promise<void>
}

export function textOutput(sink: TextSink): TextOutput {
  if (typeof sink === 'function') return { write: async (text) => sink(text), close: async () => undefined }
  return 'getWriter' in sink ? webOutput(sink) : nodeOutput(sink)
}

function webOutput(stream: WritableStream<Uint8Array>): TextOutput {
  return {
    async write(text) {
      const writer = stream.getWriter()
      try {
        await writer.ready
        await writer.write(encodeUtf8(text))
      } finally {
        writer.releaseLock()
      }
    },
    close: async () => undefined,
  }
}

function nodeOutput(stream: NodeWritable): TextOutput {
  // A stream that fails emits `error` after it has told the write; unheard, that would end the process.
  const onError = (): void => undefined
  stream.on('error', onError)
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()))
      }),
    async close() {
      stream.off('error', onError)
    },
  }
}
