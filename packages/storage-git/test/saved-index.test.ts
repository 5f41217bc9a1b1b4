import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createScheme } from '@lg/runtime'
import { createSerializer, type Serializer } from '@lg/serializer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GitStorage, GitStorageOptions } from '../src/index.ts'
import { carKey, carKind, carText, createFleet, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
let dir: string
let looked: string[]
beforeEach(async () => {
  fleet = await createFleet({
    'cars/foo.yaml': carText('foo'),
    'cars/pair.yaml': `${carText('left')}---\n${carText('right')}`,
    'cars/broken.yaml': 'kind: [Car\n',
    'cars/zoo.yaml': carText('foo'),
  })
  dir = fleet.tree.path('clone')
  looked = []
})
afterEach(() => fleet.close())

/** A serializer that writes down which files it looks into. */
function watched(): Serializer {
  const scheme = createScheme()
  scheme.register(carKind)
  const serializer = createSerializer({ scheme })
  return {
    ...serializer,
    recognize(path, bytes) {
      looked.push(path)
      return serializer.recognize(path, bytes)
    },
  }
}

const open = (options: Partial<GitStorageOptions> = {}): Promise<GitStorage> =>
  fleet.second(dir, { serializer: watched(), ...options })

/** What a storage serves and reports, and which files it looked into for that. */
async function restart(options?: Partial<GitStorageOptions>): Promise<{ served: unknown; looked: string[] }> {
  looked = []
  const storage = await open(options)
  const entries = await storage.list<Car>(carKind, { entries: true })
  const seen = looked
  const served = [entries, await storage.problems()]
  await storage.close()
  return { served, looked: seen }
}

describe('the saved index', () => {
  it('saves a restart from looking into any file again', async () => {
    const first = await restart()
    expect(first.looked.toSorted()).toEqual([
      'cars/broken.yaml',
      'cars/foo.yaml',
      'cars/pair.yaml',
      'cars/zoo.yaml',
    ])
    const second = await restart()
    expect(second.looked).toEqual([])
    expect(second.served).toEqual(first.served)
  })

  it('is followed by what has changed since', async () => {
    await restart()
    await fleet.remote.commit({ files: { 'cars/foo.yaml': carText('foo', 'Volvo'), 'cars/pair.yaml': null } })
    const { served, looked: seen } = await restart()
    expect(seen).toEqual(['cars/foo.yaml'])
    expect(served).toMatchObject([
      [{ object: { spec: { brand: 'Volvo' } } }],
      [{ type: 'invalid' }, { type: 'duplicate' }],
    ])
    expect((await restart()).looked).toEqual([])
  })

  it('survives a force-push', async () => {
    await restart()
    await fleet.remote.forcePush({ from: 'main', files: { 'cars/foo.yaml': carText('foo', 'Volvo') } })
    expect((await restart()).served).toMatchObject([[{ object: { spec: { brand: 'Volvo' } } }, {}, {}], {}])
  })

  it.each<[string, (file: string) => Promise<unknown>]>([
    ['is cut short', async (file) => writeFile(file, (await readFile(file)).subarray(0, 200))],
    ['is empty', (file) => writeFile(file, '')],
    [
      'has a byte changed',
      async (file) => writeFile(file, (await readFile(file, 'utf8')).replace('right', 'rigth')),
    ],
    [
      'is of another format',
      async (file) => writeFile(file, (await readFile(file, 'utf8')).replace('lg-index 1', 'lg-index 0')),
    ],
    ['is gone', (file) => rm(file)],
    ['is a folder', (file) => rm(file).then(() => mkdir(file))],
  ])('is made anew when it %s', async (_, damage) => {
    const first = await restart()
    await damage(`${dir}/object-index`)
    const second = await restart()
    expect(second.looked).toHaveLength(4)
    expect(second.served).toEqual(first.served)
  })

  it('is made anew for other rules and other kinds', async () => {
    await restart()
    expect((await restart({ exclude: ['zoo.yaml'] })).looked).toHaveLength(3)
    const { looked: seen } = await restart({
      serializer: createSerializer({ scheme: createScheme() }),
      unstructured: true,
    })
    expect(seen).toEqual([])
    expect((await restart()).looked).toHaveLength(4)
  })

  it('leaves nothing half written, and takes away what a killed process left so', async () => {
    await restart()
    await writeFile(`${dir}/object-index.0123abcd.tmp`, 'half')
    await restart()
    expect((await readdir(dir)).filter((name) => name.startsWith('object-index'))).toEqual(['object-index'])
  })

  it('is not made for a temporary clone', async () => {
    await fleet.storage.count(carKind)
    const { dir: temporary } = fleet.directory
    await fleet.storage.close()
    expect(await readdir(temporary)).not.toContain('object-index')
  })

  it('that cannot be written is a warning, and nothing else', async () => {
    const storage = await open()
    await mkdir(`${dir}/object-index`)
    expect(await storage.get<Car>(carKey('foo'))).toMatchObject({ spec: { brand: 'SAAB' } })
    await storage.close()
    expect(fleet.logger.text()).toContain('could not be saved')
  })
})
