import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBareRepository, createTree, openBareRepository, testKitErrors } from '../src/index.ts'
import type { Tree } from '../src/index.ts'
import { git } from './client.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.close())

describe('createBareRepository', () => {
  test('seeds one commit on the branch that HEAD names', async () => {
    const author = { name: 'Ada', email: 'ada@example.com' }
    const files = { 'cars/foo.yaml': 'kind: Car\n', 'blob.bin': Uint8Array.of(0, 255, 10) }
    const remote = await createBareRepository({ dir: tree.path('a.git'), files, branch: 'trunk', author })

    expect(await remote.head()).toBe('trunk')
    expect(await remote.listFiles('trunk')).toEqual(['blob.bin', 'cars/foo.yaml'])
    expect(await remote.readFile('trunk', 'cars/foo.yaml')).toBe('kind: Car\n')
    expect([...(await remote.readBytes('trunk', 'blob.bin'))]).toEqual([0, 255, 10])
    expect(await remote.log('trunk')).toMatchObject([
      { author, committer: author, message: 'Add files', parents: [], date: Date.UTC(2024, 0, 1) },
    ])
    expect(await remote.fsck()).toEqual([])
  })

  test('without files it has no commit, and the first one can follow', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git') })
    expect(await remote.refs()).toEqual({})
    const commit = await remote.commit({ files: { a: '1' } })
    expect(await remote.branches()).toEqual({ main: commit })
  })

  test('the same calls make the same ids', async () => {
    const ids = await Promise.all(
      ['a.git', 'b.git'].map(async (name) => {
        const remote = await createBareRepository({ dir: tree.path(name), files: { a: '1' } })
        return await remote.commit({ files: { a: '2' } })
      }),
    )
    expect(ids[0]).toBe(ids[1])
  })

  test('is read by a plain clone, and seen through a second handle', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git'), files: { 'a/b': 'x\n' } })
    expect(await git(['clone', '-q', remote.dir, tree.path('clone')])).toMatchObject({ exitCode: 0 })
    expect(await tree.read('clone/a/b')).toBe('x\n')
    expect(await openBareRepository({ dir: remote.dir }).refs()).toEqual(await remote.refs())
  })
})

describe('as another developer', () => {
  test('commits change, add and delete, and the difference tells', async () => {
    const remote = await createBareRepository({
      dir: tree.path('a.git'),
      files: { a: '1\n', 'b/c': '2\n', d: '3\n' },
    })
    const before = await remote.git(['rev-parse', 'main'])
    const after = await remote.commit({
      files: { a: 'one\n', b: null, d: null, 'd/e': { content: '#!/bin/sh\n', mode: 'executable' } },
      message: 'Title\n\nBody',
    })
    const { files, text } = await remote.diff(before.trim(), after)
    expect(files).toEqual([
      { status: 'modified', path: 'a' },
      { status: 'deleted', path: 'b/c' },
      { status: 'deleted', path: 'd' },
      { status: 'added', path: 'd/e' },
    ])
    expect(text).toContain('-1\n+one\n')
    expect(text).toContain('new file mode 100755')
    expect((await remote.log('main'))[0]?.message).toBe('Title\n\nBody')
  })

  test('new branches start at the default branch, or where they are told to', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git'), files: { a: '1' } })
    const [first] = await remote.log('main')
    const second = await remote.commit({ files: { a: '2' } })
    await remote.commit({ branch: 'new', files: { b: '1' } })
    await remote.commit({ branch: 'old', from: first?.commit ?? '', files: { b: '1' } })
    expect((await remote.log('new'))[1]?.commit).toBe(second)
    expect((await remote.log('old'))[1]?.commit).toBe(first?.commit)
    await remote.deleteBranch('old')
    expect(Object.keys(await remote.branches())).toEqual(['main', 'new'])
  })

  test('force-pushes replace the last commit, resets move a branch anywhere', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git'), files: { a: '1' } })
    const [first] = await remote.log('main')
    const second = await remote.commit({ files: { a: '2' } })
    const replaced = await remote.forcePush({ files: { a: '3' } })
    expect((await remote.log('main')).map((commit) => commit.commit)).toEqual([replaced, first?.commit])
    expect(await remote.resetBranch('main', second)).toBe(second)
    await remote.forcePush({ files: { a: '4' }, from: first?.commit ?? '' })
    await remote.resetBranch('main', 'main^')
    expect((await remote.log('main')).map((commit) => commit.commit)).toEqual([first?.commit])
  })

  test('a commit on a branch that moved in between is refused, not lost', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git'), files: { a: '1' } })
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, (_, index) => remote.commit({ files: { [`f${index}`]: 'x' } })),
    )
    const made = results.filter((result) => result.status === 'fulfilled').length
    expect(await remote.log('main')).toHaveLength(1 + made)
    expect(await remote.fsck()).toEqual([])
  })

  test('hooks refuse what a plain push brings', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git'), files: { a: '1' } })
    await git(['clone', '-q', remote.dir, tree.path('clone')])
    await git(['-C', tree.path('clone'), 'commit', '-q', '--allow-empty', '-m', 'x'])
    await remote.setHook('pre-receive', '#!/bin/sh\necho no thanks >&2\nexit 1\n')
    expect((await git(['-C', tree.path('clone'), 'push', '-q'])).stderr).toContain('no thanks')
    await remote.setHook('pre-receive', null)
    expect(await git(['-C', tree.path('clone'), 'push', '-q'])).toMatchObject({ exitCode: 0 })
  })

  test('setHead names another branch, existing or not', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git'), files: { a: '1' } })
    await remote.setHead('trunk')
    expect(await remote.head()).toBe('trunk')
  })

  test('fsck tells what is broken', async () => {
    const remote = await createBareRepository({ dir: tree.path('a.git'), files: { a: '1' } })
    const blob = (await remote.git(['rev-parse', 'main:a'])).trim()
    await tree.remove(`a.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`)
    expect((await remote.fsck()).join('\n')).toContain(`missing blob ${blob}`)
  })
})

test('any path that Git takes comes back as it went in', async () => {
  const remote = await createBareRepository({ dir: tree.path('a.git') })
  const part = fc
    .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
    .map((text) => text.replaceAll(/[/\0]/g, '_'))
    .filter((text) => !/^(\.{1,2}|\.git)$/i.test(text))
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.uint8Array(),
      async (parts, bytes) => {
        const path = parts.join('/')
        const commit = await remote.forcePush({ files: { [path]: bytes } })
        expect(await remote.listFiles(commit)).toEqual([path])
        expect(Buffer.from(await remote.readBytes(commit, path)).equals(bytes)).toBe(true)
      },
    ),
    { numRuns: 15 },
  )
})

test.each(['', '../x', 'a//b', './a', '.git/hooks/x', 'a/.GIT/b', 'a\0b'])(
  'the path %j is refused',
  async (path) => {
    const remote = await createBareRepository({ dir: tree.path('a.git') })
    const error: unknown = await remote.commit({ files: { [path]: 'x' } }).catch((reason: unknown) => reason)
    expect(testKitErrors.is(error, 'PATH_INVALID')).toBe(true)
    expect(await remote.refs()).toEqual({})
  },
)

test('an aborted call rejects with the reason', async () => {
  const remote = await createBareRepository({ dir: tree.path('a.git'), files: { a: '1' } })
  const reason = new Error('enough')
  await expect(remote.log('main', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const controller = new AbortController()
  const waiting = remote.git(['cat-file', '--batch'], { signal: controller.signal })
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})
