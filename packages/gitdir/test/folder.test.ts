import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRemoteFixture, type RemoteFixture } from './remote.ts'

let remote: RemoteFixture
beforeEach(async () => {
  remote = await createRemoteFixture()
})
afterEach(() => remote.close())

describe('the folder of the clone', () => {
  test('is kept when it was given, and reused by the next start', async () => {
    const dir = remote.tree.path('clone')
    const first = remote.open({ dir })
    await first.start()
    await first.close()
    await writeFile(join(dir, 'worktree', 'cars', 'foo.yaml'), 'somebody was here\n')
    const next = await remote.bare.commit({
      files: { 'cars/new.yaml': 'kind: Car\n', 'cars/bar.yaml': null },
    })
    const second = remote.open({ dir })
    await second.start()
    expect(second.head?.oid).toBe(next)
    expect(await remote.tree.list('clone/worktree')).toEqual([
      'clone/worktree/cars/foo.yaml',
      'clone/worktree/cars/new.yaml',
    ])
    expect(await remote.tree.read('clone/worktree/cars/foo.yaml')).toBe('kind: Car\n')
  })

  test('outlives a failed start, which can be tried again', async () => {
    const dir = remote.tree.path('clone')
    const first = remote.open({ dir })
    await first.start()
    await first.close()
    const files = await remote.tree.list('clone/worktree')
    await remote.server.setFault({ type: 'gone' })
    const second = remote.open({ dir })
    await expect(second.start()).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' })
    expect(await remote.tree.list('clone/worktree')).toEqual(files)
    await remote.server.clearFault()
    await second.start()
    expect(second.head?.oid).toBe(first.head?.oid)
  })

  test('has one owner', async () => {
    const dir = remote.tree.path('clone')
    const first = remote.open({ dir })
    await first.start()
    const second = remote.open({ dir })
    await expect(second.start()).rejects.toMatchObject({ code: 'DIRECTORY_IN_USE' })
    expect((await first.pull()).oid).toBe(first.head?.oid)
    await first.close()
    await second.start()
    expect(second.health.current.state).toBe('ready')
  })

  test('keeps what a start finds in it and cannot use', async () => {
    await remote.tree.write('home/store.git/notes.txt', 'not a store')
    await expect(remote.open({ dir: remote.tree.path('home') }).start()).rejects.toMatchObject({
      code: 'DIRECTORY_NOT_OURS',
    })
    expect(await remote.tree.list('home')).toEqual(['home/store.git/notes.txt'])
  })
})
