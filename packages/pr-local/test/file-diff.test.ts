import { execFile } from 'node:child_process'
import { chmod, lstat, mkdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { FileMode, TreeChange } from '@lg/git'
import { createTree, type Tree } from '@lg/test-kit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatFilePatch } from '../src/file-diff.ts'
import { createWorld } from './world.ts'

const run = promisify(execFile)
const oid = '0'.repeat(40)
const entry = (path: string, mode: FileMode) => ({ path, mode, oid })

describe('git apply takes the patch', () => {
  let tree: Tree
  beforeEach(async () => {
    tree = await createTree()
  })
  afterEach(() => tree.close())

  /** The file after `git apply` of what `formatFilePatch` makes of both texts. */
  const applied = async (
    path: string,
    before: string | undefined,
    after: string | undefined,
    modes?: [FileMode, FileMode],
  ) => {
    const [old, next] = modes ?? ['file', 'file']
    const change: TreeChange =
      before === undefined ? { type: 'added', path, after: entry(path, next) }
      : after === undefined ? { type: 'deleted', path, before: entry(path, old) }
      : { type: 'modified', path, before: entry(path, old), after: entry(path, next) }
    const file = join(tree.dir, 'work', path)
    await mkdir(dirname(file), { recursive: true })
    if (before !== undefined) await writeFile(file, before)
    if (before !== undefined && old === 'executable') await chmod(file, 0o755)
    const patch = await tree.write('change.patch', formatFilePatch(change, before ?? '', after ?? ''))
    const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
    await run('git', ['apply', '--whitespace=nowarn', patch], { cwd: join(tree.dir, 'work'), env })
    return next === 'symlink' ? await readlink(file) : await readFile(file, 'utf8').catch(() => undefined)
  }

  const names = [
    'a b.yaml',
    'tab\there',
    'quote".yaml',
    'back\\slash',
    'ü/日本.yaml',
    'line\nbreak',
    ' lead',
    'b/a/b',
    '-x',
  ]
  for (const name of names) {
    test(`for ${JSON.stringify(name)}`, async () => {
      expect(await applied(name, undefined, 'x: 1\n')).toBe('x: 1\n')
      expect(await applied(name, 'x: 1\n', 'x: 2\n')).toBe('x: 2\n')
      expect(await applied(name, 'x: 2\n', undefined)).toBeUndefined()
    })
  }

  test('for empty files, modes and links', async () => {
    expect(await applied('empty', undefined, '')).toBe('')
    expect(await applied('run', 'x\n', 'x\n', ['file', 'executable'])).toBe('x\n')
    expect((await lstat(join(tree.dir, 'work/run'))).mode & 0o111).not.toBe(0)
    expect(await applied('both', 'x\n', 'y\n', ['executable', 'file'])).toBe('y\n')
    expect(await applied('link', undefined, 'some/where', ['file', 'symlink'])).toBe('some/where')
  })

  test('for texts that have nothing in common', async () => {
    const lines = (word: string): string =>
      Array.from({ length: 3000 }, (_, index) => `${word} ${index}\n`).join('')
    expect(await applied('big', lines('a'), lines('b'))).toBe(lines('b'))
    expect(await applied('open', `${lines('a')}end`, `${lines('b')}end`)).toBe(`${lines('b')}end`)
  })

  test('for any two texts', async () => {
    const line = fc.constantFrom(
      '',
      'a',
      'b',
      'c',
      ' ',
      '\r',
      '-',
      '+',
      '\\',
      '@@ -1 +1 @@',
      'x\u2028y',
      'ü\r',
      '\f',
    )
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
      .map(([lines, open]) => lines.join('\n') + (open ? '' : '\n'))
    let count = 0
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        if (before === after) return
        expect(await applied(`f${count++}`, before, after)).toBe(after)
      }),
      { numRuns: 60 },
    )
  })
})

test('what is no text is named but not shown', async () => {
  const world = await createWorld()
  try {
    const { remote, repository } = world
    await remote.commit({
      branch: 'change',
      files: {
        binary: Uint8Array.of(1, 0, 2),
        latin1: Uint8Array.of(0xe4, 0x0a),
        huge: 'x'.repeat(1024 * 1024 + 1),
        bom: '\ufeffx: 1\n',
        text: 'x\n',
      },
    })
    const provider = await world.openProvider()
    const { number } = await provider.createPullRequest({
      repository,
      head: 'change',
      base: 'main',
      title: 'x',
    })
    const { files, truncated } = await provider.diff({ repository, number })
    expect(truncated).toBe(false)
    expect(files).toEqual([
      { type: 'added', path: 'binary', omitted: 'binary' },
      { type: 'added', path: 'bom', after: '\ufeffx: 1\n', patch: expect.stringContaining('+\ufeffx: 1\n') },
      { type: 'added', path: 'huge', omitted: 'tooLarge' },
      { type: 'added', path: 'latin1', omitted: 'binary' },
      { type: 'added', path: 'text', after: 'x\n', patch: expect.stringContaining('new file mode 100644') },
    ])
  } finally {
    await world.close()
  }
})
