import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GitRepository } from '@lg/git'
import { formatCommit } from '@lg/git/node'
import { createBareRepository } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

async function openFetched(root: string): Promise<GitRepository> {
  const store = await openCars({ root })
  await store.fetch()
  return store
}

function git(dir: string, args: readonly string[], input: string | Buffer = ''): string {
  return execFileSync('git', ['-C', dir, ...args], { input, encoding: 'utf8' }).trim()
}

describe('a short name', () => {
  it('that two commits share is REF_AMBIGUOUS, and one digit more is not', async () => {
    const root = await createFolder()
    const store = await openCars({ root, url: (await createCars(root)).dir })
    const author = { name: 'Ada', email: 'ada@example.com', time: 1_700_000_000_000 }
    const empty = await store.createCommit({ parents: [], changes: [], author, message: 'x' })
    const { tree } = await store.readCommit(empty)
    const twins = findTwins((message) => formatCommit(tree, { parents: [], author, message }))
    const [first = '', second = ''] = await Promise.all(
      twins.map((message) => store.createCommit({ parents: [], changes: [], author, message })),
    )
    const short = first.slice(0, 4)
    expect(second.slice(0, 4)).toBe(short)
    expect(await failure(store.resolve(short))).toMatchObject({
      code: 'REF_AMBIGUOUS',
      details: { ref: short },
    })
    let length = 5
    while (first.startsWith(second.slice(0, length))) length++
    expect(await store.resolve(first.slice(0, length))).toBe(first)
    expect(await store.resolve(second.slice(0, length))).toBe(second)
  })
})

/** Two messages whose commits begin with the same four digits. */
function findTwins(bytesOf: (message: string) => Uint8Array): readonly string[] {
  const seen = new Map<string, string>()
  for (let index = 0; ; index++) {
    const bytes = bytesOf(`${index}`)
    const name = createHash('sha1').update(`commit ${bytes.length}\0`).update(bytes).digest('hex').slice(0, 4)
    const other = seen.get(name)
    if (other !== undefined) return [other, `${index}`]
    seen.set(name, `${index}`)
  }
}

describe('a file of 50 MB', () => {
  it('is stored, pushed, read and laid out byte for byte, and refused by a limit', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const store = await openFetched(root)
    const content = Buffer.alloc(50 * 1024 * 1024)
    for (let at = 0; at < content.length; at += 4)
      content.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
    const base = await store.resolve('main')
    const author = { name: 'Ada', email: 'ada@example.com', time: 1_700_000_000_000 }
    const changes = [{ type: 'write', path: 'big', content }] as const
    const target = await store.createCommit({ parents: [base], changes, author, message: 'Big' })
    await store.push([{ ref: 'refs/heads/main', target, expected: base }])
    expect(content.equals(await cars.readBytes('main', 'big'))).toBe(true)
    const oid = store.hashBlob(content)
    expect(content.equals(await store.readBlob(oid))).toBe(true)
    expect(await failure(store.readBlob(oid, { limit: 1_000_000 }))).toMatchObject({
      code: 'BLOB_TOO_LARGE',
      details: { size: content.length },
    })
    await store.updateWorktree({ dir: join(root, 'tree'), commit: target })
    expect(content.equals(await readFile(join(root, 'tree/big')))).toBe(true)
  })
})

describe('a folder of 100,000 files', () => {
  it('is committed, listed, compared and fetched', { tags: ['slow'], timeout: 120_000 }, async () => {
    const root = await createFolder()
    const cars = await createBareRepository({ dir: join(root, 'cars.git') })
    const store = await openCars({ root })
    const files = Array.from({ length: 100_000 }, (_, index) =>
      write(`cars/${index}.yaml`, `speed: ${index}\n`),
    )
    const first = await commit(store, [], ...files)
    const second = await commit(store, [first], write('cars/77777.yaml', 'speed: 0\n'))
    expect(await store.listTree(second)).toHaveLength(100_000)
    expect((await store.diffTrees(first, second)).map(({ path }) => path)).toEqual(['cars/77777.yaml'])
    expect((await store.findEntry(second, 'cars/77777.yaml'))?.oid).not.toBe(
      (await store.findEntry(first, 'cars/77777.yaml'))?.oid,
    )
    await store.push([{ ref: 'refs/heads/main', target: second, expected: null }])
    const other = await openCars({ root, dir: join(root, 'other') })
    await other.fetch()
    const oids = (await other.listTree(await other.resolve('main'))).map(({ oid }) => oid)
    let read = 0
    for await (const _ of other.readBlobs(oids)) read++
    expect(read).toBe(100_000)
    expect(await cars.fsck()).toEqual([])
  })
})

describe('what others committed', () => {
  it('under a name that is not UTF-8 is listed, and kept byte for byte', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const blob = git(cars.dir, ['hash-object', '-w', '--stdin'], 'x')
    const name = Buffer.from([0x62, 0xff, 0x2e, 0x79])
    const listing = Buffer.concat([Buffer.from(`100644 blob ${blob}\t`), name, Buffer.from('\0')])
    const tree = git(cars.dir, ['mktree', '-z'], listing)
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b']
    const oid = git(cars.dir, [...identity, 'commit-tree', '-m', 'Odd', tree])
    await cars.resetBranch('main', oid)
    const store = await openFetched(root)
    expect(await store.listTree(oid)).toEqual([{ path: 'b\ufffd.y', mode: 'file', oid: blob }])
    const target = await commit(store, [oid], write('a', '1'))
    await store.push([{ ref: 'refs/heads/main', target, expected: oid }])
    const listed = execFileSync('git', ['-C', cars.dir, 'ls-tree', '-z', '--name-only', 'main'])
    expect(listed).toEqual(Buffer.concat([Buffer.from('a\0'), name, Buffer.from('\0')]))
    expect(await cars.fsck()).toEqual([])
  })

  it('with submodules and symlinks stays as it is around a change', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const link = git(cars.dir, ['hash-object', '-w', '--stdin'], '../outside')
    const listing = `120000 blob ${link}\tlink\n160000 commit ${'ab'.repeat(20)}\tvendor\n`
    const tree = git(cars.dir, ['mktree', '--missing'], listing)
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b']
    await cars.resetBranch('main', git(cars.dir, [...identity, 'commit-tree', '-m', 'Odd', tree]))
    const store = await openFetched(root)
    const base = await store.resolve('main')
    const target = await commit(store, [base], write('a', '1'))
    expect((await store.listTree(target)).map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      'file a',
      'symlink link',
      'submodule vendor',
    ])
    expect(await failure(store.readBlob('ab'.repeat(20)))).toMatchObject({ code: 'OBJECT_NOT_FOUND' })
    expect((await failure(commit(store, [base], write('vendor/x', '1')))).code).toBe('INVALID_PATH')
    expect((await failure(commit(store, [base], write('link/x', '1')))).code).toBe('INVALID_PATH')
    await store.updateWorktree({ dir: join(root, 'tree'), commit: target })
    expect((await readdir(join(root, 'tree'))).sort()).toEqual(['a', 'link'])
  })

  it('with attributes for line ends and large files is laid out as it is stored', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`
    const files = {
      '.gitattributes': '*.yaml text eol=crlf\n*.bin filter=lfs diff=lfs merge=lfs -text\n* ident\n',
      'a.yaml': 'a: 1\nb: 2\n',
      'b.yaml': 'a: 1\r\nb: 2\r\n',
      'big.bin': pointer,
      'c.txt': '$Id$\n',
    }
    await cars.commit({ files })
    const store = await openFetched(root)
    const base = await store.resolve('main')
    await store.updateWorktree({ dir: join(root, 'tree'), commit: base })
    for (const [path, text] of Object.entries(files)) {
      expect(await readFile(join(root, 'tree', path), 'utf8'), path).toBe(text)
    }
    const target = await commit(store, [base], write('a.yaml', 'a: 3\r\nb: 2\r\n'))
    await store.push([{ ref: 'refs/heads/main', target, expected: base }])
    expect(await cars.readFile('main', 'a.yaml')).toBe('a: 3\r\nb: 2\r\n')
    expect(await cars.readFile('main', 'big.bin')).toBe(pointer)
  })
})

describe('a remote whose HEAD names no branch', () => {
  it('has no default branch, and all others', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const store = await openFetched(root)
    const main = await store.resolve('main')
    await cars.git(['update-ref', '--no-deref', 'HEAD', main])
    expect(await store.remoteRefs()).toEqual({ refs: new Map([['refs/heads/main', main]]) })
    expect((await failure(store.resolve('HEAD'))).code).toBe('REF_NOT_FOUND')
  })

  it('that does not exist is told of all the same', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const store = await openFetched(root)
    await cars.setHead('trunk')
    expect((await store.remoteRefs()).head).toBe('trunk')
  })
})
