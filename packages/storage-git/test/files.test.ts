import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carKey, carText, createFleet, newCar, type Car, type Fleet } from './fleet.ts'
import type { GitTransaction } from '../src/index.ts'

let fleet: Fleet
const pair = `# The pair.\n---\n${carText('left')}---\n# Between.\n---\n${carText('right')}`
beforeEach(async () => {
  fleet = await createFleet({
    'cars/foo.yaml': carText('foo'),
    'cars/pair.yaml': pair,
    'notes/a.txt': 'Notes\n',
  })
})
afterEach(() => fleet.close())

const change = (work: (tx: GitTransaction) => Promise<unknown>) =>
  fleet.storage.transaction('change-', async (tx) => {
    await work(tx)
    return { target: 'base', title: 'Change' }
  })
const text = (path: string) => fleet.remote.readFile('main', path)
const tree = async (): Promise<string[]> =>
  (await fleet.remote.git(['ls-tree', '-r', 'main', '--format=%(objectmode) %(path)'])).trim().split('\n')

/** Puts an entry of any mode into the tree of the remote's branch. */
async function addEntry(mode: string, path: string, content: string): Promise<void> {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`
  const start = `commit refs/heads/main\ncommitter T <t@example.org> now\n${data('Add an entry')}`
  const input = `${start}from refs/heads/main^0\nM ${mode} inline ${path}\n${data(content)}`
  await fleet.remote.git(['fast-import', '--quiet', '--date-format=now'], { input })
  await fleet.directory.pull()
}

describe('a file with several documents', () => {
  it('changes only where one of its objects did', async () => {
    await change(async (tx) => {
      const car = await tx.get<Car>(carKey('right'))
      car.spec.brand = 'Volvo'
      await tx.update(car)
    })
    const at = pair.lastIndexOf('SAAB')
    expect(await text('cars/pair.yaml')).toBe(`${pair.slice(0, at)}Volvo${pair.slice(at + 4)}`)
  })

  it('loses one document, and goes with its last', async () => {
    await change((tx) => tx.delete(carKey('left')))
    expect(await text('cars/pair.yaml')).not.toContain('left')
    expect(await text('cars/pair.yaml')).toContain(carText('right'))
    await change((tx) => tx.delete(carKey('right')))
    await change((tx) => tx.delete(carKey('foo')))
    expect(await fleet.remote.listFiles('main')).not.toContain('cars/foo.yaml')
  })

  it('takes a new object at its end, where the caller says so', async () => {
    await change((tx) => tx.create(newCar('new'), { path: 'cars/pair.yaml' }))
    const now = await text('cars/pair.yaml')
    expect(now.startsWith(pair)).toBe(true)
    expect(await fleet.storage.read(carKey('new'))).toMatchObject({ location: { path: 'cars/pair.yaml' } })
  })
})

describe('a move', () => {
  it('of an object takes its document along as it stands', async () => {
    await change(async (tx) => {
      await tx.move(carKey('left'), 'cars/left.yaml')
      expect(await tx.read(carKey('left'))).toMatchObject({
        location: { path: 'cars/left.yaml', document: 0 },
      })
    })
    expect(await text('cars/left.yaml')).toBe(carText('left'))
    expect(await text('cars/pair.yaml')).not.toContain('left')
  })

  it('of a file keeps every byte and its mode', async () => {
    await addEntry('100755', 'cars/foo.yaml', carText('foo'))
    await change((tx) => tx.moveFile('cars/foo.yaml', 'garage/foo.yaml'))
    expect(await tree()).toEqual(['100644 cars/pair.yaml', '100755 garage/foo.yaml', '100644 notes/a.txt'])
    expect(await text('garage/foo.yaml')).toBe(carText('foo'))
    expect(await fleet.storage.read(carKey('foo'))).toMatchObject({ location: { path: 'garage/foo.yaml' } })
  })

  it('of a file there and back is no change', async () => {
    const outcome = await change(async (tx) => {
      await tx.moveFile('cars/foo.yaml', 'cars/bar.yaml')
      await tx.moveFile('cars/bar.yaml', 'cars/foo.yaml')
    })
    expect(outcome).toMatchObject({ outcome: 'unchanged' })
  })

  it.each([
    ['cars/foo.yaml', 'cars/pair.yaml', 'PATH_COLLISION'],
    ['cars/foo.yaml', 'notes/a.txt/foo.yaml', 'INVALID_PATH'],
    ['cars/foo.yaml', '../foo.yaml', 'INVALID_PATH'],
    ['cars/foo.yaml', 'cars/.git/foo.yaml', 'INVALID_PATH'],
    ['cars/foo.yaml', 'cars/foo.txt', 'INVALID_PATH'],
    ['cars/none.yaml', 'cars/some.yaml', 'INVALID_PATH'],
  ])('of %s to %s is refused with %s', async (from, to, code) => {
    await expect(change((tx) => tx.moveFile(from, to))).rejects.toMatchObject({ code })
  })
})

describe('what is no plain file', () => {
  it('keeps its mode when it is executable, and is left alone when it is a link', async () => {
    await addEntry('100755', 'cars/foo.yaml', carText('foo'))
    await addEntry('120000', 'cars/link.yaml', 'foo.yaml')
    await fleet.drive(2)
    expect(await tree()).toEqual([
      '100755 cars/foo.yaml',
      '120000 cars/link.yaml',
      '100644 cars/pair.yaml',
      '100644 notes/a.txt',
    ])
    expect(await fleet.storage.problems()).toEqual([])
    await expect(change((tx) => tx.create(newCar('x'), { path: 'cars/link.yaml' }))).rejects.toMatchObject({
      code: 'PATH_COLLISION',
    })
  })

  it('is not served under a name that is not UTF-8, where it could not be written back', async () => {
    const { remote } = fleet
    const blob = (await remote.git(['hash-object', '-w', '--stdin'], { input: carText('odd') })).trim()
    const listing = await remote.git(['ls-tree', 'main'])
    const entry = Buffer.concat([
      Buffer.from(`${listing}100644 blob ${blob}\t`),
      Buffer.from([0x6f, 0xff, 0x64]),
      Buffer.from('.yaml\n'),
    ])
    const root = (await remote.git(['mktree'], { input: entry })).trim()
    const commit = await remote.git([
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.org',
      'commit-tree',
      root,
      '-p',
      'main',
      '-m',
      'Odd',
    ])
    await remote.git(['update-ref', 'refs/heads/main', commit.trim()])
    await fleet.directory.pull()
    await expect(fleet.storage.get(carKey('odd'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await fleet.storage.problems()).toMatchObject([
      { type: 'unreadable', message: expect.stringContaining('UTF-8') },
    ])
    await fleet.drive(2)
    expect(await remote.git(['ls-tree', 'main'])).toContain(String.raw`"o\377d.yaml"`)
  })

  it('is reported when it is too large to be a manifest', async () => {
    await fleet.remote.commit({
      files: { 'cars/big.yaml': `# ${'x'.repeat(17 * 1024 * 1024)}\n${carText('big')}` },
    })
    await fleet.directory.pull()
    await expect(fleet.storage.get(carKey('big'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await fleet.storage.problems()).toMatchObject([
      { type: 'unreadable', location: { path: 'cars/big.yaml' } },
    ])
  })
})

describe('problems', () => {
  it('names duplicates with the place that is served, and leaves that one alone', async () => {
    await fleet.remote.commit({ files: { 'cars/aaa.yaml': carText('foo', 'First') } })
    await fleet.directory.pull()
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ spec: { brand: 'First' } })
    expect(await fleet.storage.problems()).toMatchObject([
      { type: 'duplicate', location: { path: 'cars/foo.yaml' }, served: { path: 'cars/aaa.yaml' } },
    ])
  })

  it('names a file that does not parse, and one whose object its schema refuses, with their lines', async () => {
    await fleet.remote.commit({
      files: {
        'cars/broken.yaml': 'a: 1\nkind: [Car\n',
        'cars/foo.yaml': carText('foo').replace('SAAB', '7'),
      },
    })
    await fleet.directory.pull()
    const problems = await fleet.storage.problems()
    expect(problems.map(({ location, type }) => [location.path, type])).toEqual([
      ['cars/broken.yaml', 'invalid'],
      ['cars/foo.yaml', 'invalid'],
    ])
    expect(problems[1]).toMatchObject({ line: 7, message: expect.stringContaining('brand') })
    await expect(fleet.storage.get(carKey('foo'))).rejects.toMatchObject({ message: /cars\/foo.yaml:7/ })
  })
})
