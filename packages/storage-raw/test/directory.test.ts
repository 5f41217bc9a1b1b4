import { chmod, lstat, mkdir, rename, stat, symlink } from 'node:fs/promises'
import { isLgError, objectKey } from '@lg/runtime'
import { createRecognizer } from '@lg/serializer'
import { createDirectoryRawStorage, createMappedRawStorage, type MappedRawStorage } from '@lg/storage-raw'
import { createFakeClock, createTree, type Tree } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyOf, textOf } from './child/cars.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.close())

const bytes = (name: string, mark = 'x'): Uint8Array => Buffer.from(textOf(name, mark))
const mapped = (dir = tree.dir): MappedRawStorage =>
  createMappedRawStorage({ dir, recognize: createRecognizer(), template: '{kind}/{name}.yaml', fsync: false })
const failure = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'nothing'
  } catch (error) {
    return isLgError(error) ? error.code : String(error)
  }
}
const namesIn = async (storage: MappedRawStorage): Promise<string[]> =>
  (await storage.list()).map(({ key }) => key.name)

describe('layouts', () => {
  it('names the group in the folder, so that every group fits', async () => {
    const storage = createDirectoryRawStorage({ dir: tree.dir })
    await storage.write(keyOf('foo'), bytes('foo'))
    await storage.write(objectKey({ group: '', kind: 'Node', name: 'n1' }), Buffer.from('kind: Node\n'))
    expect(await tree.list()).toEqual(['Car.example.org/default/foo/metadata.yaml', 'Node/n1/metadata.yaml'])
    expect((await storage.list()).map(({ key }) => key)).toEqual([
      objectKey({ group: '', kind: 'Node', name: 'n1' }),
      keyOf('foo'),
    ])
  })
  it('reads the layout of libgitops, whichever extension it bears', async () => {
    await tree.write('Car/default/a/metadata.yml', textOf('a', 'x'))
    await tree.write('Car/default/b/metadata.json', '{}')
    await tree.write('Car/default/c/other.yaml', textOf('c', 'x'))
    const storage = createDirectoryRawStorage({ dir: tree.dir, group: 'example.org' })
    expect((await storage.list()).map(({ key, contentType }) => [key.name, contentType])).toEqual([
      ['a', 'application/yaml'],
      ['b', 'application/json'],
    ])
    await storage.write(keyOf('a'), bytes('a', 'new'))
    expect(await tree.read('Car/default/a/metadata.yml')).toBe(textOf('a', 'new'))
    expect(await failure(storage.read(objectKey({ group: 'other.org', kind: 'Car', name: 'a' })))).toBe(
      'INVALID_PATH',
    )
  })
  it('removes folders that a deletion leaves empty, and no others', async () => {
    const storage = createDirectoryRawStorage({ dir: tree.dir })
    await storage.write(keyOf('foo'), bytes('foo'))
    await storage.write(keyOf('bar'), bytes('bar'))
    await storage.delete(keyOf('foo'))
    expect(await tree.list()).toEqual(['Car.example.org/default/bar/metadata.yaml'])
    await expect(stat(tree.path('Car.example.org/default/foo'))).rejects.toThrow('ENOENT')
    await storage.delete(keyOf('bar'))
    await expect(stat(tree.path('Car.example.org'))).rejects.toThrow('ENOENT')
    expect((await stat(tree.dir)).isDirectory()).toBe(true)
  })
  it.each([
    '{name}.yaml',
    '{kind}.yaml',
    'all.yaml',
    '{kind}{name}.yaml',
    '{kind}/{name}',
    '{kind}/{name}.txt',
  ])('refuses the template %s, from whose paths no key could be read', (template) => {
    expect(() => createDirectoryRawStorage({ dir: tree.dir, group: 'example.org', template })).toThrow(
      expect.objectContaining({ code: 'INVALID_TEMPLATE' }),
    )
  })
  it('takes a template of its own', async () => {
    const template = '{namespace}/{kind}-{name}.yaml'
    const storage = createDirectoryRawStorage({ dir: tree.dir, group: 'example.org', template })
    await storage.write(keyOf('foo'), bytes('foo'))
    expect(await tree.list()).toEqual(['default/Car-foo.yaml'])
    expect((await storage.list()).map(({ key }) => key)).toEqual([keyOf('foo')])
  })
  it.each(['', undefined])('refuses %j as its root', (dir) => {
    expect(() => createDirectoryRawStorage({ dir: dir as string })).toThrow(
      expect.objectContaining({ code: 'INVALID_PATH' }),
    )
  })
  it('tells that its root is a file', async () => {
    await tree.write('file', 'x')
    const storage = createDirectoryRawStorage({ dir: tree.path('file') })
    expect(await storage.list()).toEqual([])
    expect(await storage.problems()).toMatchObject([{ type: 'unreadable', location: { path: '' } }])
    expect(await failure(storage.write(keyOf('foo'), bytes('foo')))).toBe('PATH_COLLISION')
    expect(await tree.read('file')).toBe('x')
  })
  it('refuses a name that is too long for a file', async () => {
    const storage = createDirectoryRawStorage({ dir: tree.dir })
    const long = keyOf('x'.repeat(10_000))
    expect(await failure(storage.read(long))).toBe('INVALID_PATH')
    expect(await failure(storage.write(long, bytes('x')))).toBe('INVALID_PATH')
  })
  it('makes the directory with the first file', async () => {
    const storage = createDirectoryRawStorage({ dir: tree.path('not', 'there', 'yet') })
    expect(await storage.list()).toEqual([])
    await storage.write(keyOf('foo'), bytes('foo'))
    expect(await tree.list()).toEqual(['not/there/yet/Car.example.org/default/foo/metadata.yaml'])
  })
})

describe('modes', () => {
  it.each(['600', '640', '755'])('of files stay: %s', async (octal) => {
    const mode = Number.parseInt(octal, 8)
    await tree.write('foo.yaml', textOf('foo', 'x'), { mode })
    const storage = mapped()
    await storage.write(keyOf('foo'), bytes('foo', 'new'))
    expect((await stat(tree.path('foo.yaml'))).mode & 0o777).toBe(mode)
  })
  it('gives new files the mode that every program gives', async () => {
    const storage = mapped()
    await storage.write(keyOf('foo'), bytes('foo'))
    await tree.write('beside.txt', '')
    const [ours, theirs] = await Promise.all([stat(tree.path('Car/foo.yaml')), stat(tree.path('beside.txt'))])
    expect(ours.mode).toBe(theirs.mode)
  })
})

describe('symbolic links', () => {
  it('are not followed, wherever they lead', async () => {
    const outside = await createTree({
      'secret.yaml': textOf('secret', 'x'),
      'Car/inner.yaml': textOf('inner', 'x'),
    })
    try {
      await tree.write('real.yaml', textOf('real', 'x'))
      await symlink(outside.path('secret.yaml'), tree.path('link.yaml'))
      await symlink(tree.path('real.yaml'), tree.path('alias.yaml'))
      await symlink(outside.path('Car'), tree.path('Car'))
      const storage = mapped()
      expect(await namesIn(storage)).toEqual(['real'])
      expect(await failure(storage.keysOf('link.yaml'))).toBe('INVALID_PATH')
      expect(await failure(storage.keysOf('Car/inner.yaml'))).toBe('INVALID_PATH')
      expect(await failure(storage.write(keyOf('new'), bytes('new')))).toBe('INVALID_PATH')
      expect(await failure(storage.write(keyOf('new'), bytes('new'), { path: 'link.yaml' }))).toBe(
        'INVALID_PATH',
      )
      expect(await outside.list()).toEqual(['Car/inner.yaml', 'secret.yaml'])
      expect(await outside.read('secret.yaml')).toBe(textOf('secret', 'x'))
      expect((await lstat(tree.path('link.yaml'))).isSymbolicLink()).toBe(true)
    } finally {
      await outside.close()
    }
  })
  it('may be the root itself', async () => {
    await tree.write('real/foo.yaml', textOf('foo', 'x'))
    await symlink(tree.path('real'), tree.path('root'))
    const storage = mapped(tree.path('root'))
    expect(await namesIn(storage)).toEqual(['foo'])
    await storage.write(keyOf('foo'), bytes('foo', 'new'))
    expect(await tree.read('real/foo.yaml')).toBe(textOf('foo', 'new'))
  })
  it('that take the place of a folder later are noticed', async () => {
    const outside = await createTree({ 'foo.yaml': textOf('foo', 'outside') })
    try {
      await tree.write('cars/foo.yaml', textOf('foo', 'x'))
      const storage = mapped()
      await storage.read(keyOf('foo'))
      await rename(tree.path('cars'), tree.path('moved'))
      await symlink(outside.dir, tree.path('cars'))
      expect(await failure(storage.write(keyOf('foo'), bytes('foo', 'new'), {}))).toBe('INVALID_PATH')
      expect(await outside.read('foo.yaml')).toBe(textOf('foo', 'outside'))
    } finally {
      await outside.close()
    }
  })
})

describe('collisions', () => {
  it('of a file with a folder are refused, both ways', async () => {
    await tree.write('Car', 'a file')
    await mkdir(tree.path('taken.yaml'))
    const storage = mapped()
    expect(await failure(storage.write(keyOf('foo'), bytes('foo')))).toBe('PATH_COLLISION')
    expect(await failure(storage.write(keyOf('foo'), bytes('foo'), { path: 'taken.yaml' }))).toBe(
      'PATH_COLLISION',
    )
    expect(await tree.read('Car')).toBe('a file')
  })
  it('of a new file with one that the rules leave out are refused', async () => {
    const storage = createMappedRawStorage({
      dir: tree.dir,
      recognize: createRecognizer(),
      exclude: ['private'],
    })
    expect(await failure(storage.write(keyOf('foo'), bytes('foo'), { path: 'private/foo.yaml' }))).toBe(
      'INVALID_PATH',
    )
    expect(await failure(storage.write(keyOf('foo'), bytes('foo'), { path: 'foo.txt' }))).toBe('INVALID_PATH')
    expect(await failure(storage.write(keyOf('foo'), bytes('foo')))).toBe('NOT_TRACKED')
  })
})

describe('outside programs', () => {
  it('that replace a file between list and read are seen', async () => {
    await tree.write('foo.yaml', textOf('foo', 'one'))
    const storage = mapped()
    const [entry] = await storage.list()
    await tree.write('foo.yaml', `${textOf('bar', 'new')}---\n${textOf('foo', 'two')}`)
    const read = await storage.read(keyOf('foo'))
    expect(read.location).toEqual({ path: 'foo.yaml', document: 1 })
    expect(read.version).not.toBe(entry?.version)
    expect(Buffer.from(read.bytes).toString()).toBe(textOf('foo', 'two'))
  })
  it('that move an object to another file are seen', async () => {
    await tree.write('a.yaml', textOf('foo', 'x'))
    const storage = mapped()
    const { version } = await storage.read(keyOf('foo'))
    await rename(tree.path('a.yaml'), tree.path('b.yaml'))
    expect(await storage.read(keyOf('foo'))).toMatchObject({ version, location: { path: 'b.yaml' } })
    await storage.write(keyOf('foo'), bytes('foo', 'new'), { expected: version })
    expect(await tree.list()).toEqual(['b.yaml'])
  })
  it('that delete a file between list and read are seen', async () => {
    await tree.write('foo.yaml', textOf('foo', 'x'))
    const storage = mapped()
    const keys = (await storage.list()).map(({ key }) => key)
    await tree.remove('foo.yaml')
    expect(await failure(storage.read(keyOf('foo')))).toBe('NOT_FOUND')
    for await (const document of storage.readMany(keys)) expect.unreachable(document.key.name)
  })
  it('that keep size and time of a file are seen by its change time', async () => {
    const storage = mapped()
    await tree.write('foo.yaml', textOf('foo', 'one'))
    await storage.list()
    await tree.write('foo.yaml', textOf('foo', 'two'))
    const read = await storage.read(keyOf('foo'))
    expect((await storage.list())[0]?.version).toBe(read.version)
    expect(Buffer.from(read.bytes).toString()).toBe(textOf('foo', 'two'))
  })
  it('may remove the permission to read: the object is unreadable, not missing', async (context) => {
    if (process.getuid?.() === 0) return context.skip('root may read everything')
    await tree.write('foo.yaml', textOf('foo', 'x'))
    const storage = mapped()
    await storage.list()
    await chmod(tree.path('foo.yaml'), 0)
    expect(await failure(storage.read(keyOf('foo')))).toBe('IO_FAILED')
  })
})

describe('mappings', () => {
  it('are all there is when nothing is scanned', async () => {
    await tree.write('a.yaml', textOf('a', 'x'))
    await tree.write('b.yaml', textOf('b', 'x'))
    const storage = createMappedRawStorage({ dir: tree.dir, recognize: createRecognizer(), scan: 'never' })
    expect(await namesIn(storage)).toEqual([])
    await storage.addMapping('a.yaml')
    expect(await namesIn(storage)).toEqual(['a'])
    await storage.setMappings(['b.yaml', 'gone.yaml'])
    expect(await namesIn(storage)).toEqual(['b'])
    await storage.removeMapping('b.yaml')
    expect(await namesIn(storage)).toEqual([])
    expect(await failure(storage.addMapping('../x.yaml'))).toBe('INVALID_PATH')
    await storage.refresh()
    expect(await namesIn(storage)).toEqual(['a', 'b'])
  })
  it('are looked at again after some time, when that is asked for', async () => {
    const clock = createFakeClock({ now: Date.now() })
    await tree.write('a.yaml', textOf('a', 'x'))
    const recognize = createRecognizer()
    const storage = createMappedRawStorage({ dir: tree.dir, recognize, scan: { maxAge: 1000 }, clock })
    expect(await namesIn(storage)).toEqual(['a'])
    await tree.write('b.yaml', textOf('b', 'x'))
    expect(await namesIn(storage)).toEqual(['a'])
    await clock.advance(1000)
    expect(await namesIn(storage)).toEqual(['a', 'b'])
  })
})
