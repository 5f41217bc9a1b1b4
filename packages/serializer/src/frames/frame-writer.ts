import type { CallOptions } from '@lg/runtime'
import type { ContentType } from '../content-type.ts'
import { serializerErrors } from '../errors.ts'
import { textOutput, type TextSink } from './byte-sink.ts'
import type { FrameWriter } from './frame.ts'

/** Writes YAML documents with a line `---` between them. The stream stays open when the writer is closed. */
export function yamlFrameWriter(sink: TextSink): FrameWriter {
  return writeFrames(sink, 'application/yaml', yamlSeparator)
}

/** Writes JSON texts, each on lines of its own. The stream stays open when the writer is closed. */
export function jsonFrameWriter(sink: TextSink): FrameWriter {
  return writeFrames(sink, 'application/json', (previous) => (previous.endsWith('\n') ? '' : '\n'))
}

function yamlSeparator(previous: string, text: string): string {
  const lineEnd = previous.endsWith('\r\n') ? '\r\n' : '\n'
  const first = previous.endsWith('\n') ? '' : lineEnd
  // Directives are only read behind the end of a document; a text with a marker line of its own needs none.
  if (/^%/m.test(text) && text.trimStart().startsWith('%')) return `${first}...${lineEnd}`
  return /^---(?:\s|$)/.test(text) ? first : `${first}---${lineEnd}`
}

function writeFrames(
  sink: TextSink,
  contentType: ContentType,
  separatorOf: (previous: string, text: string) => string,
): FrameWriter {
  const output = textOutput(sink)
  let written = 0
  let closed = false
  let last = ''
  let pending: Promise<void> = Promise.resolve()
  /** Set when a text may have been written in part: what follows would not stand on its own. */
  let broken: { readonly cause: unknown } | undefined

  const write = async (
    text: string,
    separator: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    if (broken !== undefined) throw broken.cause
    signal?.throwIfAborted()
    const before = separator ?? (written === 0 ? '' : separatorOf(last, text))
    try {
      await abortable(output.write(before + text), signal)
    } catch (cause) {
      broken = { cause }
      throw cause
    }
    // Of a long text only the end matters for the next separator.
    last = text.slice(-2)
    written++
  }
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await pending
    await output.close()
  }
  return {
    contentType,
    get written() {
      return written
    },
    write(text, { separator, signal } = {}) {
      if (closed) {
        const error = serializerErrors.create('CLOSED', 'The frame writer is closed', {
          what: 'frame writer',
        })
        return Promise.reject(error)
      }
      const result = pending.then(() => write(text, separator, signal))
      pending = result.catch(() => undefined)
      return result
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function abortable(writing: Promise<void>, signal: CallOptions['signal']): Promise<void> {
  if (signal === undefined) return writing
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    writing.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
