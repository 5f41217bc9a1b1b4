import { parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createGitDirectory } from '@lg/gitdir'
import { createScheme, defineKind } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { createBareRepository, createGitHttpServer, createTree } from '@lg/test-kit'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createGitStorage, type GitStorage } from '../src/index.ts'
import { carKey, carKind, carText, createFleet, newCar, type Car } from './fleet.ts'

const opened: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const resource of opened.splice(0).toReversed()) await resource.close()
})
const opens = <Resource extends { close(): Promise<unknown> }>(resource: Resource): Resource => {
  opened.push(resource)
  return resource
}

/** A storage without credentials, on a remote that everybody may read. */
async function strangers(files: Record<string, string>): Promise<GitStorage> {
  const tree = opens(await createTree())
  await createBareRepository({ dir: tree.path('cars.git'), files })
  const server = opens(await createGitHttpServer({ root: tree.path('.'), anonymous: 'read' }))
  const gitDirectory = opens(
    createGitDirectory({
      git: createGitCli(),
      repository: parseRepositoryReference(server.url('cars.git')),
      worktree: false,
    }),
  )
  const scheme = createScheme()
  scheme.register(carKind)
  const storage = opens(
    createGitStorage({ gitDirectory, serializer: createSerializer({ scheme }), pathTemplate: '{name}.yaml' }),
  )
  await storage.start()
  return storage
}

const add = (storage: GitStorage) =>
  storage.transaction('add-', async (tx) => {
    await tx.create(newCar('new'))
    return { target: 'base', title: 'Add' }
  })

describe('a remote', () => {
  it('that is read without credentials is READ_ONLY, and read all the same', async () => {
    const storage = await strangers({ 'foo.yaml': carText('foo') })
    expect(await storage.count(carKind)).toBe(1)
    await expect(add(storage)).rejects.toMatchObject({ code: 'READ_ONLY' })
  })

  it('without a commit is NOT_READY', async () => {
    const storage = await strangers({})
    await expect(storage.list(carKind)).rejects.toMatchObject({ code: 'NOT_READY' })
    expect(() => storage.commit).toThrow(expect.objectContaining({ code: 'NOT_READY' }))
  })

  it('whose token has expired is AUTHENTICATION_FAILED, and what is here can be read', async () => {
    const fleet = opens(await createFleet())
    fleet.server.setAccounts([])
    await expect(fleet.drive(2)).rejects.toMatchObject({ code: 'AUTHENTICATION_FAILED' })
    expect(await fleet.storage.count(carKind)).toBe(3)
  })
})

describe('a file', () => {
  it('with Windows line ends keeps them', async () => {
    const text = carText('foo').replaceAll('\n', '\r\n')
    const fleet = opens(
      await createFleet({ 'cars/foo.yaml': text, '.gitattributes': '*.yaml text eol=lf\n' }),
    )
    await fleet.drive(2)
    expect(await fleet.remote.readFile('main', 'cars/foo.yaml')).toBe(text.replace('1.5', '2'))
  })

  it('that is a pointer of Git LFS is left alone', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`
    const fleet = opens(await createFleet({ 'cars/foo.yaml': carText('foo'), 'cars/big.yaml': pointer }))
    await fleet.drive(2)
    expect(await fleet.storage.count(carKind)).toBe(1)
    expect(await fleet.remote.readFile('main', 'cars/big.yaml')).toBe(pointer)
  })

  /** Drives one car of a folder with that many: all that are served, and the files that the change touched. */
  async function driveOneOf(length: number): Promise<readonly [served: number, touched: number]> {
    const files = Object.fromEntries(
      Array.from({ length }, (_, index) => [`cars/${index}.yaml`, carText(`car-${index}`)]),
    )
    const fleet = opens(await createFleet(files))
    const served = await fleet.storage.count(carKind)
    await fleet.drive(2, `car-${length - 1}`)
    return [served, (await fleet.remote.diff('main~1', 'main')).files.length]
  }

  it('in a folder with thousands of others is found, and changed alone', async () => {
    expect(await driveOneOf(3000)).toEqual([3000, 1])
  })

  it('in a folder of 100,000 is found, and changed alone', { tags: ['slow'], timeout: 300_000 }, async () => {
    expect(await driveOneOf(100_000)).toEqual([100_000, 1])
  })

  it('where a new one would go that holds something else is kept', async () => {
    const fleet = opens(
      await createFleet({ 'cars/default/new.yaml/inside.txt': 'x\n', 'cars/foo.yaml': carText('foo') }),
    )
    await expect(add(fleet.storage)).rejects.toMatchObject({ code: 'PATH_COLLISION' })
  })
})

describe('an object read in another version of its kind', () => {
  const metadata = z.looseObject({ name: z.string() })
  const base = { group: 'example.org', kind: 'Boat', scope: 'namespaced' } as const
  const v1 = defineKind({
    ...base,
    version: 'v1',
    hub: true,
    schema: z.looseObject({
      apiVersion: z.literal('example.org/v1'),
      kind: z.literal('Boat'),
      metadata,
      brand: z.string(),
    }),
  })
  const v2 = defineKind({
    ...base,
    version: 'v2',
    schema: z.looseObject({
      apiVersion: z.literal('example.org/v2'),
      kind: z.literal('Boat'),
      metadata,
      make: z.string(),
    }),
    toHub: ({ make, ...rest }) => ({ ...rest, brand: make }),
    fromHub: ({ brand, ...rest }: { brand: string }) => ({ ...rest, make: brand }),
  })
  const text = 'apiVersion: example.org/v1\nkind: Boat\nmetadata:\n  name: foo\nbrand: SAAB\nspeed: 1\n'
  const key = { ...carKey('foo'), kind: 'Boat' }

  it('is merged with what others changed in the version that is stored', async () => {
    const scheme = createScheme()
    scheme.register(v1)
    scheme.register(v2)
    const fleet = opens(await createFleet({ 'foo.yaml': text }, { serializer: createSerializer({ scheme }) }))
    const boat = await fleet.storage.get<any>(key, { as: v2 })
    boat.speed = 2
    await fleet.remote.commit({ files: { 'foo.yaml': text.replace('SAAB', 'Volvo') } })
    await fleet.storage.transaction('drive-', async (tx) => {
      await tx.update(boat)
      return { target: 'base', title: 'Drive' }
    })
    expect(await fleet.storage.get(key, { as: v2 })).toMatchObject({ make: 'Volvo', speed: 2 })

    const older = await fleet.storage.get<any>(key, { as: v1 })
    older.brand = 'Lancia'
    await fleet.storage.transaction('sell-', async (tx) => {
      const other = await tx.get<any>(key, { as: v2 })
      other.make = 'Fiat'
      await tx.update(other)
      return { target: 'base', title: 'Sell' }
    })
    const late = fleet.storage.transaction('late-', async (tx) => {
      await tx.update(older)
      return { target: 'base', title: 'Late' }
    })
    await expect(late).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { fields: [{ path: ['brand'], base: 'Volvo', ours: 'Lancia', theirs: 'Fiat' }] },
    })
    expect(await fleet.storage.get<Car>(key, { as: undefined })).toMatchObject({ make: 'Fiat' })
  })
})
