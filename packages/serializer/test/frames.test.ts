import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  frameReader,
  jsonFrameReader,
  serializerErrors,
  yamlFrameReader,
  type Frame,
  type FrameReader,
} from '../src/index.ts'

async function readAll(reader: FrameReader): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const frame of reader) frames.push(frame)
  return frames
}
const texts = async (reader: FrameReader): Promise<string[]> =>
  (await readAll(reader)).map(({ text }) => text)

/** The stream that frames came from. */
async function joined(reader: FrameReader): Promise<string> {
  let stream = ''
  for (let frame = await reader.read(); frame !== undefined; frame = await reader.read()) {
    stream += frame.separator + frame.text
  }
  return stream + reader.trailing
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('yamlFrameReader', () => {
  it('divides a stream at its separators', async () => {
    expect(await texts(yamlFrameReader('---\na: 1\n---\nb: 2\n---\nc: 3\n'))).toEqual([
      'a: 1\n',
      'b: 2\n',
      'c: 3\n',
    ])
  })

  it.each<[string, string, string[]]>([
    ['no final newline', 'a: 1\n---\nb: 2', ['a: 1\n', 'b: 2']],
    ['blank documents', '---\n---\n\n--- \n  \n---\na: 1\n---\n', ['a: 1\n']],
    ['comment-only documents', '# licence\n---\na: 1\n---\n# the end\n', ['a: 1\n']],
    ['a comment on the separator', 'a: 1\n--- # next\nb: 2\n', ['a: 1\n', 'b: 2\n']],
    [
      'content on the separator line',
      'a: 1\n--- {b: 2}\n--- |\n text\n',
      ['a: 1\n', '{b: 2}\n', '|\n text\n'],
    ],
    ['document ends', 'a: 1\n...\n# between\n---\nb: 2\n...\n', ['a: 1\n', 'b: 2\n']],
    ['a bare document behind an end', 'a: 1\n...\nb: 2\n', ['a: 1\n', 'b: 2\n']],
    [
      'directives',
      '# top\n%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n',
      ['%YAML 1.2\n---\na: 1\n', '%YAML 1.2\n---\nb: 2\n'],
    ],
    ['dashes that separate nothing', 'a: |\n  ---\n ---\n----\n---x\n', ['a: |\n  ---\n ---\n----\n---x\n']],
    ['CRLF', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', 'b: 2\r\n']],
    ['a byte order mark', '\ufeffa: 1\n', ['a: 1\n']],
    ['a byte order mark before a separator', '\ufeff---\na: 1\n', ['a: 1\n']],
    ['a percent sign in a document', 'a: 1\n%b: 2\n---\nc: 3\n', ['a: 1\n%b: 2\n', 'c: 3\n']],
    ['nothing', '', []],
    ['a lone separator', '---', []],
  ])('reads %s', async (_, stream, expected) => {
    expect(await texts(yamlFrameReader(stream))).toEqual(expected)
    expect(await joined(yamlFrameReader(stream))).toBe(stream)
  })

  it('reads the same whatever the chunks', async () => {
    const stream = new TextEncoder().encode(
      '\ufeff# ä\n---\na: ü\n--- # €\r\nb: 2\n...\n%YAML 1.2\n---\nc: 𝄞\n---\n\n---',
    )
    const whole = await readAll(yamlFrameReader(stream))
    expect(whole).toHaveLength(3)
    for (let size = 1; size <= stream.length; size++) {
      expect(await readAll(yamlFrameReader(chunksOf(stream, size)))).toEqual(whole)
    }
  })

  it('gives back any stream byte for byte', async () => {
    const line = fc.constantFrom(
      '---',
      '--- ',
      '--- # c',
      '--- x',
      '...',
      '%Y',
      '# c',
      '',
      ' ',
      'a: 1',
      '  b',
      '---x',
      '\t',
    )
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')))
      .map((lines) => lines.map(([text, end]) => text + end).join(''))
    await fc.assert(
      fc.asyncProperty(stream, fc.integer({ min: 1, max: 9 }), async (text, size) => {
        const chunks = chunksOf(new TextEncoder().encode(text), size)
        expect(await joined(yamlFrameReader(chunks))).toBe(text)
      }),
    )
  })

  it('says where each document begins', async () => {
    const frames = await readAll(yamlFrameReader('# c\n---\na: 1\n\n---\n---\nb: 2\n'))
    expect(frames.map(({ index, line }) => [index, line])).toEqual([
      [0, 3],
      [1, 7],
    ])
  })
})

describe('jsonFrameReader', () => {
  it.each<[string, string, string[]]>([
    ['one object', '{"a": 1}\n', ['{"a": 1}']],
    ['objects without white space', '{"a":1}{"b":[2]}[3]', ['{"a":1}', '{"b":[2]}', '[3]']],
    ['objects over lines', '{\n  "a": 1\n}\n{\n  "b": 2\n}\n', ['{\n  "a": 1\n}', '{\n  "b": 2\n}']],
    ['braces and quotes in strings', '{"a":"}\\"{"} {"b":1}', ['{"a":"}\\"{"}', '{"b":1}']],
    ['a broken object between good ones', '{"a":1} {oops} {"b":2}', ['{"a":1}', '{oops}', '{"b":2}']],
    ['words', 'true 12 "x y"', ['true', '12', '"x y"']],
    ['a text that breaks off', '{"a": [1', ['{"a": [1']],
    ['a byte order mark', '\ufeff{"a":1}', ['{"a":1}']],
    ['nothing', ' \n', []],
  ])('reads %s', async (_, stream, expected) => {
    expect(await texts(jsonFrameReader(stream))).toEqual(expected)
    expect(await joined(jsonFrameReader(stream))).toBe(stream)
    const bytes = new TextEncoder().encode(stream)
    for (let size = 1; size < 8; size++)
      expect(await texts(jsonFrameReader(chunksOf(bytes, size)))).toEqual(expected)
  })
})

describe('sources', () => {
  const stream = 'a: 1\n---\nb: 2\n'
  const bytes = new TextEncoder().encode(stream)
  it.each<[string, () => Parameters<typeof yamlFrameReader>[0]]>([
    ['text', () => stream],
    ['bytes', () => bytes],
    ['a list of texts', () => ['a: 1\n-', '--\nb: 2\n']],
    ['a Node stream', () => Readable.from([bytes.subarray(0, 7), bytes.subarray(7)])],
    ['a Web stream', () => new Response(stream).body ?? ''],
  ])('reads %s', async (_, source) => {
    expect(await texts(yamlFrameReader(source()))).toEqual(['a: 1\n', 'b: 2\n'])
  })

  it('takes the content type that is named, then that of the path, then that of the bytes', () => {
    expect(frameReader('a: 1', { contentType: 'application/json', path: 'a.yaml' }).contentType).toBe(
      'application/json',
    )
    expect(frameReader('{"a": 1}', { path: 'a.yml' }).contentType).toBe('application/yaml')
    expect(frameReader('a: 1', { path: 'a.JSON' }).contentType).toBe('application/json')
    expect(frameReader(' {\n "a": 1}').contentType).toBe('application/json')
    expect(frameReader('{a: 1}').contentType).toBe('application/yaml')
    expect(frameReader('[1]').contentType).toBe('application/yaml')
    expect(() => frameReader('', { contentType: 'text/html' })).toThrow('text/html')
  })
})

describe('limits', () => {
  const overflowOf = async (reader: FrameReader): Promise<object> => {
    const error: unknown = await readAll(reader).catch((thrown: unknown) => thrown)
    if (!serializerErrors.is(error, 'FRAME_OVERFLOW')) throw error
    return error.details
  }

  it('refuses a document that is too large', async () => {
    const long = `a: ${'x'.repeat(40)}\n`
    expect(await overflowOf(yamlFrameReader(`b: 1\n---\n${long}`, { maxBytes: 32 }))).toEqual({
      unit: 'bytes',
      limit: 32,
      frame: 1,
    })
    expect(await readAll(yamlFrameReader(long, { maxBytes: 44 }))).toHaveLength(1)
  })

  it('refuses an endless document without holding much of it', async () => {
    let given = 0
    async function* endless(): AsyncGenerator<string> {
      for (;;) {
        given += 10_000
        yield 'x'.repeat(10_000)
      }
    }
    await overflowOf(yamlFrameReader(endless(), { maxBytes: 100_000 }))
    expect(given).toBeLessThan(300_000)
  })

  it('refuses too many documents', async () => {
    expect(await overflowOf(jsonFrameReader('{}{}{}', { maxFrames: 2 }))).toEqual({
      unit: 'frames',
      limit: 2,
      frame: 2,
    })
  })

  it('has room for 16 MiB', async () => {
    const text = `a: ${'x'.repeat(16 * 1024 * 1024 - 4)}\n`
    expect(await texts(yamlFrameReader(text))).toHaveLength(1)
    expect(await overflowOf(yamlFrameReader(`${text}\n`))).toMatchObject({ limit: 16 * 1024 * 1024 })
  })
})

describe('reading', () => {
  it('pulls no more than it needs', async () => {
    let pulled = 0
    async function* source(): AsyncGenerator<string> {
      for (;;) {
        pulled++
        yield 'a: 1\n---\n'
      }
    }
    const reader = yamlFrameReader(source())
    await reader.read()
    await reader.read()
    expect(pulled).toBe(2)
    await reader.close()
  })

  it('lets go of the source when it is closed early, at the end, and when a loop breaks off', async () => {
    const reader = () => {
      let open = true
      async function* source(): AsyncGenerator<string> {
        try {
          yield 'a: 1\n---\n'
          yield 'b: 2\n'
        } finally {
          open = false
        }
      }
      return { frames: yamlFrameReader(source()), isOpen: () => open }
    }
    const closed = reader()
    await closed.frames.read()
    await closed.frames.close()
    await closed.frames.close()
    expect(closed.isOpen()).toBe(false)
    await expect(closed.frames.read()).rejects.toMatchObject({ code: 'CLOSED' })

    const broken = reader()
    for await (const _ of broken.frames) break
    expect(broken.isOpen()).toBe(false)

    const ended = reader()
    await readAll(ended.frames)
    expect(ended.isOpen()).toBe(false)
    expect(await ended.frames.read()).toBeUndefined()
  })

  it('rejects with the reason of its signal while it waits', async () => {
    const reason = new Error('stop')
    const silent = new Readable({ read() {} })
    const reader = yamlFrameReader(silent)
    const controller = new AbortController()
    const pending = reader.read({ signal: controller.signal })
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
    expect(silent.destroyed).toBe(true)
    await expect(reader.read({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('cancels a Web stream', async () => {
    let cancelled: unknown
    const stream = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) })
    const controller = new AbortController()
    const pending = yamlFrameReader(stream).read({ signal: controller.signal })
    controller.abort('stop')
    await expect(pending).rejects.toBe('stop')
    expect(cancelled).toBe(true)
  })

  it('passes on the failure of its source, each time it is asked', async () => {
    const failure = new Error('disk')
    const reader = yamlFrameReader(
      Readable.from(
        (async function* () {
          yield 'a: 1\n---\nb'
          throw failure
        })(),
      ),
    )
    expect((await reader.read())?.text).toBe('a: 1\n')
    await expect(reader.read()).rejects.toBe(failure)
    await expect(reader.read()).rejects.toBe(failure)
  })

  it('names the place of a byte that is not UTF-8', async () => {
    const bytes = Uint8Array.of(...new TextEncoder().encode('a: 1\n---\nb: ü\nc: '), 0xff)
    const reader = yamlFrameReader(bytes, { path: 'cars/foo.yaml' })
    await reader.read()
    await expect(reader.read()).rejects.toMatchObject({
      code: 'INVALID_DOCUMENT',
      message: 'cars/foo.yaml:4:4: not UTF-8; save the file in UTF-8',
      details: { line: 4, column: 4 },
    })
  })
})
