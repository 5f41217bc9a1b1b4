import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileFrameReader } from '../src/node/index.ts'

describe('fileFrameReader', () => {
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lg-serializer-'))
    await writeFile(join(dir, 'a.yaml'), 'a: 1\n---\nb: 2\n')
    await writeFile(join(dir, 'b.json'), '{"a":1}{"b":2}')
    await writeFile(join(dir, 'c'), 'a: 1\n')
  })
  afterAll(() => rm(dir, { recursive: true }))

  const texts = async (path: string, contentType?: string): Promise<string[]> => {
    const found: string[] = []
    for await (const { text } of fileFrameReader(join(dir, path), { contentType })) found.push(text)
    return found
  }

  it('reads YAML and JSON by their extensions', async () => {
    expect(await texts('a.yaml')).toEqual(['a: 1\n', 'b: 2\n'])
    expect(await texts('b.json')).toEqual(['{"a":1}', '{"b":2}'])
    expect(await texts('c', 'application/yaml')).toEqual(['a: 1\n'])
  })

  it('refuses a file that nothing names the type of', () => {
    expect(() => fileFrameReader(join(dir, 'c'))).toThrow('pass contentType')
  })

  it('fails at the first read when there is no file', async () => {
    const reader = fileFrameReader(join(dir, 'gone.yaml'))
    await expect(reader.read()).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      details: { reason: 'ENOENT' },
    })
  })
})
