import { execFileSync } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import { once } from 'node:events'
import { createRecognizer } from '@lg/serializer'
import { createMappedRawStorage } from '@lg/storage-raw'
import { createFakeClock, createTree, type Tree } from '@lg/test-kit'
import { createChildProgram, type ChildProgram } from '@lg/test-process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyOf, textOf } from './child/cars.ts'

let tree: Tree
let program: ChildProgram | undefined
beforeEach(async () => {
  tree = await createTree()
})
afterEach(async () => {
  await program?.close()
  program = undefined
  await tree.close()
})

describe('a process that is killed while it writes', () => {
  it('leaves the old or the new file, and nothing that is taken for an object', async () => {
    program = await createChildProgram(new URL('child/write-forever.ts', import.meta.url))
    for (let round = 0; round < 8; round++) {
      const child = program.start([tree.dir])
      await once(child.stdout!, 'data')
      for (let turn = 0; turn < round; turn++) await new Promise((resolve) => setImmediate(resolve))
      child.kill('SIGKILL')
      await once(child, 'close')

      const raw = createMappedRawStorage({ dir: tree.dir, recognize: createRecognizer() })
      expect((await raw.list()).map(({ key }) => key.name)).toEqual(['foo', 'other'])
      const text = Buffer.from((await raw.read(keyOf('foo'))).bytes).toString()
      const mark = /mark\d+/.exec(text)?.[0] ?? ''
      expect(text).toBe(textOf('foo', mark, 5000))
      expect(Buffer.from((await raw.read(keyOf('other'))).bytes).toString()).toBe(
        textOf('other', 'untouched'),
      )
      expect(await raw.problems()).toEqual([])
      await raw.close()
    }
  })

  it('has what it left behind swept an hour later', async () => {
    const left = await tree.write('cars/.lg-0123456789abcdef.tmp', 'half')
    await tree.write('cars/a.yaml', textOf('a', 'x'))
    const clock = createFakeClock({ now: Date.now() })
    const raw = createMappedRawStorage({ dir: tree.dir, recognize: createRecognizer(), clock })
    await raw.list()
    expect(await tree.list()).toEqual(['cars/.lg-0123456789abcdef.tmp', 'cars/a.yaml'])
    await clock.advance(3_700_000)
    await raw.list()
    expect(await tree.list()).toEqual(['cars/a.yaml'])
    expect(left).toContain('cars')
  })
})

describe('a full disk', () => {
  it('keeps the old content and serves on', async (context) => {
    if (!canUnshare()) return context.skip('no unprivileged mounts here')
    program = await createChildProgram(new URL('child/fill-disk.ts', import.meta.url))
    const mount = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"'
    const result = await program.run([tree.dir], ['unshare', '-Urm', 'sh', '-c', mount, tree.dir])
    const failed = { code: 'IO_FAILED', details: { reason: 'ENOSPC' } }
    expect(result).toMatchObject({
      update: failed,
      create: failed,
      text: textOf('foo', 'old'),
      stillWorks: true,
    })
    expect((result as { files: string[] }).files.toSorted()).toEqual(['foo.yaml', 'small.yaml'])
  })
})

describe('a tree with files that may not be read', () => {
  it('serves the rest, and names them', async () => {
    await chmod(tree.dir, 0o755)
    await tree.write('open.yaml', textOf('open', 'x'))
    await tree.write('secret.yaml', textOf('secret', 'x'))
    await tree.write('closed/inside.yaml', textOf('inside', 'x'))
    await tree.write('readonly/keep.yaml', textOf('keep', 'x'))
    await chmod(tree.path('secret.yaml'), 0)
    await chmod(tree.path('closed'), 0)
    await chmod(tree.path('readonly'), 0o555)
    await chmod(tree.dir, 0o555)
    program = await createChildProgram(new URL('child/without-permission.ts', import.meta.url))
    expect(await program.run([tree.dir])).toEqual({
      names: ['keep', 'open'],
      problems: [
        ['unreadable', 'closed'],
        ['unreadable', 'secret.yaml'],
      ],
      read: ['IO_FAILED', 'EACCES'],
      update: ['IO_FAILED', 'EACCES'],
      create: ['IO_FAILED', 'EACCES'],
      delete: ['IO_FAILED', 'EACCES'],
    })
    await chmod(tree.dir, 0o755)
    await chmod(tree.path('closed'), 0o755)
    await chmod(tree.path('readonly'), 0o755)
    expect(await tree.read('open.yaml')).toBe(textOf('open', 'x'))
  })
})

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
