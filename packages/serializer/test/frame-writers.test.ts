import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { jsonFrameWriter, yamlFrameWriter, type FrameWriter } from '../src/index.ts'

function collect(create: (sink: (text: string) => void) => FrameWriter): {
  writer: FrameWriter
  text: () => string
} {
  let text = ''
  return { writer: create((part) => void (text += part)), text: () => text }
}

async function written(
  create: (sink: (text: string) => void) => FrameWriter,
  ...frames: string[]
): Promise<string> {
  const { writer, text } = collect(create)
  for (const frame of frames) await writer.write(frame)
  return text()
}

describe('yamlFrameWriter', () => {
  it.each<[string[], string]>([
    [['a: 1\n'], 'a: 1\n'],
    [['a: 1\n', 'b: 2\n'], 'a: 1\n---\nb: 2\n'],
    [['a: 1', 'b: 2'], 'a: 1\n---\nb: 2'],
    [['a: 1\r\n', 'b: 2\r\n'], 'a: 1\r\n---\r\nb: 2\r\n'],
    [['a: 1\n', '---\nb: 2\n'], 'a: 1\n---\nb: 2\n'],
    [['a: 1\n', '%YAML 1.2\n---\nb: 2\n'], 'a: 1\n...\n%YAML 1.2\n---\nb: 2\n'],
  ])('writes %j as %j', async (frames, stream) => {
    expect(await written(yamlFrameWriter, ...frames)).toBe(stream)
  })
})

it('writes JSON texts without a separator, each on a line of its own', async () => {
  expect(await written(jsonFrameWriter, '{"a":1}\n', '{"b":2}')).toBe('{"a":1}\n{"b":2}')
  expect(await written(jsonFrameWriter, '{"a":1}', '{"b":2}')).toBe('{"a":1}\n{"b":2}')
})

describe('sinks', () => {
  it('writes to a Web stream and leaves it open', async () => {
    const parts: string[] = []
    const stream = new WritableStream<Uint8Array>({
      write: (chunk) => void parts.push(new TextDecoder().decode(chunk)),
    })
    const writer = yamlFrameWriter(stream)
    await writer.write('a: ü\n')
    await writer.close()
    expect(parts.join('')).toBe('a: ü\n')
    await stream.close()
  })

  it('waits until a slow Node stream has taken a document', async () => {
    const taken: (() => void)[] = []
    const stream = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void taken.push(() => done()),
    })
    const writer = yamlFrameWriter(stream)
    const states: string[] = []
    const first = writer.write('a: 1\n').then(() => states.push('first'))
    const second = writer.write('b: 2\n').then(() => states.push('second'))
    await new Promise(setImmediate)
    expect(states).toEqual([])
    expect(taken).toHaveLength(1)
    taken[0]?.()
    await first
    await new Promise(setImmediate)
    expect(states).toEqual(['first'])
    taken[1]?.()
    await second
    expect(writer.written).toBe(2)
  })

  it('rejects when the stream fails, also afterwards, and nothing goes unhandled', async () => {
    const failure = new Error('EPIPE')
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(failure) })
    const writer = yamlFrameWriter(stream)
    await expect(writer.write('a: 1\n')).rejects.toBe(failure)
    await new Promise(setImmediate)
    await expect(writer.write('b: 2\n')).rejects.toBe(failure)
    await writer.close()
    expect(writer.written).toBe(0)
  })

  it('rejects with the reason of its signal while it waits, and writes nothing more', async () => {
    const stream = new Writable({ write: () => undefined })
    const writer = yamlFrameWriter(stream)
    const controller = new AbortController()
    const pending = writer.write('a: 1\n', { signal: controller.signal })
    await new Promise(setImmediate)
    controller.abort('stop')
    await expect(pending).rejects.toBe('stop')
    await expect(writer.write('b: 2\n')).rejects.toBe('stop')
  })

  it('goes on after a call whose signal was aborted before it began', async () => {
    const { writer, text } = collect(yamlFrameWriter)
    await expect(writer.write('a: 1\n', { signal: AbortSignal.abort('stop') })).rejects.toBe('stop')
    await writer.write('b: 2\n')
    expect(text()).toBe('b: 2\n')
  })

  it('refuses a call after close', async () => {
    const { writer } = collect(yamlFrameWriter)
    await writer.close()
    await writer.close()
    await expect(writer.write('a: 1\n')).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
