import { execFileSync } from 'node:child_process'
import { chmod, chown } from 'node:fs/promises'
import { createTree, type Tree } from '@lg/test-kit'
import { createChildProgram, type ChildProgram } from '@lg/test-process'
import { afterEach, describe, expect, it } from 'vitest'
import { widgetText } from './watched.ts'

let tree: Tree | undefined
let program: ChildProgram | undefined
afterEach(async () => {
  await program?.close()
  await tree?.close()
})

describe('the limits of inotify', () => {
  it.skipIf(!canUnshare()).each([
    ['folder', 'at the start', 'fs.inotify.max_user_instances', 'max_inotify_instances', 0],
    ['folder', 'at the start', 'fs.inotify.max_user_watches', 'max_inotify_watches', 0],
    ['folder', 'by new folders', 'fs.inotify.max_user_watches', 'max_inotify_watches', 3],
    ['parcel', 'at the start', 'fs.inotify.max_user_instances', 'max_inotify_instances', 0],
    ['parcel', 'at the start', 'fs.inotify.max_user_watches', 'max_inotify_watches', 0],
    ['parcel', 'by new folders', 'fs.inotify.max_user_watches', 'max_inotify_watches', 3],
  ])(
    'of the %s watcher, reached %s: %s is named, once, and the tree scanned',
    async (by, _, setting, file, most) => {
      tree = await createTree({ 'a/b.yaml': widgetText('b') })
      program = await createChildProgram(new URL('child/at-the-limits.ts', import.meta.url))
      const limit = `echo ${most} > /proc/sys/user/${file}; exec "$@"`
      expect(await program.run([tree.dir, by], ['unshare', '-Ur', 'sh', '-c', limit, 'sh'])).toEqual({
        warnings: [['WATCH_LIMIT', { dir: tree.dir, setting }]],
        added: 'late',
      })
    },
  )
})

describe('a part without permission', () => {
  it('is reported, keeps what was known, and the rest works', async () => {
    tree = await createTree({ 'closed/a.yaml': widgetText('a') })
    await chmod(tree.dir, 0o777)
    if (process.getuid?.() === 0) await chown(tree.path('closed'), 65_534, 65_534)
    program = await createChildProgram(new URL('child/without-permission.ts', import.meta.url))
    const result = (await program.run([tree.dir])) as Record<string, unknown>
    expect(result).toEqual({
      events: expect.arrayContaining([
        expect.stringContaining('no permission'),
        'added b',
        'added c',
      ]) as unknown,
      problems: expect.arrayContaining([['unreadable', 'closed']]) as unknown,
      known: 2,
    })
    expect(result['events']).not.toContain('deleted a')
  })
})

function canUnshare(): boolean {
  try {
    execFileSync('unshare', ['-Ur', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
