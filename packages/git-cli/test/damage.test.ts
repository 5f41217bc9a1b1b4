import { execFileSync } from 'node:child_process'
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GitRepository } from '@lg/git'
import { createRecordingLogger } from '@lg/test-kit'
import type { BareRepository } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { damagedObject } from '../src/damage.ts'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

/** What does not shrink, so that each object has bytes to spoil. */
const noise = Array.from({ length: 3_000 }, (_, index) => `${(index * 2_654_435_761) % 4_294_967_296}`).join(
  ' ',
)

interface Scene {
  readonly root: string
  readonly cars: BareRepository
  readonly store: GitRepository
  readonly main: string
  /** The blob of `noise`. */
  readonly blob: string
}

async function createScene(): Promise<Scene> {
  const root = await createFolder()
  const cars = await createCars(root)
  await cars.commit({ files: { noise } })
  const store = await openCars({ root })
  await store.fetch()
  return {
    root,
    cars,
    store,
    main: await store.resolve('main'),
    blob: store.hashBlob(new TextEncoder().encode(noise)),
  }
}

const looseFile = ({ dir }: GitRepository, oid: string): string =>
  join(dir, 'objects', oid.slice(0, 2), oid.slice(2))

async function spoil(path: string, spoilt: (bytes: Buffer) => Buffer): Promise<void> {
  const bytes = await readFile(path)
  await chmod(path, 0o600)
  await writeFile(path, spoilt(bytes))
}

const ways: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'spoilt in the middle': (bytes) =>
    Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(40, 1), bytes.subarray(100)]),
  'cut short': (bytes) => bytes.subarray(0, bytes.length >> 1),
  empty: () => Buffer.alloc(0),
  'something else': () => Buffer.from('garbage'),
}

describe('an object that is damaged on disk', () => {
  it.each(Object.entries(ways))('and %s is fetched anew when it is read', async (_, spoilt) => {
    const { store, main, blob } = await createScene()
    const { tree } = await store.readCommit(main)
    for (const oid of [blob, tree, main]) await spoil(looseFile(store, oid), spoilt)
    await store.gc().catch(() => {})
    expect(await store.resolve('main')).toBe(main)
    expect((await store.readCommit(main)).oid).toBe(main)
    expect(await store.listTree(main)).toHaveLength(3)
    expect(new TextDecoder().decode(await store.readBlob(blob))).toBe(noise)
    expect(fsck(store)).toBe('')
  })

  it('is fetched anew among many that are read, and none is skipped', async () => {
    const { store, blob } = await createScene()
    const texts = Array.from({ length: 90 }, (_, index) => `${index}`)
    const made = await commit(store, [], ...texts.map((text) => write(text, text)))
    const others = (await store.listTree(made)).map(({ oid }) => oid)
    const many = Array.from({ length: 30 }, () => others).flat()
    for (const [spoilt, around] of Object.values(ways).flatMap((way) => [
      [way, others] as const,
      [way, many] as const,
    ])) {
      await spoil(looseFile(store, blob), spoilt)
      const wanted = [...around.slice(0, 50), blob, ...around.slice(50)]
      const seen: string[] = []
      for await (const { oid, bytes } of store.readBlobs(wanted)) {
        expect(store.hashBlob(bytes)).toBe(oid)
        seen.push(oid)
      }
      expect(seen).toEqual(wanted)
    }
  })

  it.each(Object.entries(ways))('and %s stops neither a fetch nor a walk over history', async (_, spoilt) => {
    const { root, cars, store, main } = await createScene()
    const { tree, parents } = await store.readCommit(main)
    await store.close()
    const logger = createRecordingLogger()
    const again = await openCars({ root, options: { logger } })
    for (const oid of [main, tree, ...parents]) await spoil(looseFile(store, oid), spoilt)
    const next = await cars.commit({ files: { new: '1' } })
    expect((await again.fetch()).changed).toEqual([
      { ref: 'refs/remotes/origin/main', before: main, after: next },
    ])
    expect(await again.isAncestor(parents[0] ?? '', next)).toBe(true)
    const seen: string[] = []
    for await (const { oid } of again.log(next)) seen.push(oid)
    expect(seen).toHaveLength(4)
    expect(fsck(again)).toBe('')
    expect(logger.text()).toContain(`An object is damaged on disk`)
  })

  it('in a pack is fetched anew too', async () => {
    const { store, blob } = await createScene()
    await store.gc()
    const folder = join(store.dir, 'objects', 'pack')
    const pack = (await readdir(folder)).find((name) => name.endsWith('.pack')) ?? ''
    const size = (await stat(join(folder, pack))).size
    await spoil(join(folder, pack), (bytes) =>
      Buffer.concat([bytes.subarray(0, size - 2_000), Buffer.alloc(500, 1), bytes.subarray(size - 1_500)]),
    )
    expect(new TextDecoder().decode(await store.readBlob(blob))).toBe(noise)
  })

  it('and cannot be fetched is a coded error that names it and the way out', async () => {
    const { root, store, blob } = await createScene()
    await spoil(looseFile(store, blob), ways['cut short'] ?? ((bytes) => bytes))
    await rm(join(root, 'cars.git'), { recursive: true })
    const error = await failure(store.readBlob(blob))
    expect(error).toMatchObject({ code: 'OBJECT_CORRUPT', details: { oid: blob, dir: store.dir } })
    expect(error.message).toContain('remove that directory and open it again')
    expect(error.cause).toMatchObject({ code: 'REPOSITORY_NOT_FOUND' })
  })

  it('that was never pushed is a coded error, also for a push', async () => {
    const { store, main } = await createScene()
    const target = await commit(store, [main], write('mine', `${noise} mine`))
    const mine = store.hashBlob(new TextEncoder().encode(`${noise} mine`))
    await spoil(looseFile(store, mine), ways['cut short'] ?? ((bytes) => bytes))
    expect(await failure(store.readBlob(mine))).toMatchObject({
      code: 'OBJECT_CORRUPT',
      details: { oid: mine },
    })
    const pushed = await failure(store.push([{ ref: 'refs/heads/mine', target }]))
    expect(pushed).toMatchObject({ code: 'OBJECT_CORRUPT', details: { oid: mine } })
  })

  it('is told from git by name in each of its sentences', () => {
    const oid = '1123307f64e9d0ad576dde06a212729142e187c7'
    const loose = `objects/11/${oid.slice(2)}`
    const pack = 'objects/pack/pack-1ba4d9bb2edd33fc52298858c9d99558333219d6.pack'
    for (const text of [
      `error: inflate: data stream error (incorrect data check)\nfatal: unable to stream ${oid} to stdout\n`,
      `error: object file ${loose} is empty\n`,
      `fatal: loose object ${oid} (stored in /s/${loose}) is corrupt\n`,
      `error: unable to unpack ${oid} header\n`,
      `fatal: packed object ${oid} (stored in ./${pack}) is corrupt\n`,
      `error: cannot unpack ${oid} from ./${pack} at offset 105\n`,
    ]) {
      expect(damagedObject(text), text).toBe(oid)
    }
    expect(damagedObject('fatal: early EOF\nfatal: index-pack failed')).toBeUndefined()
  })
})

function fsck({ dir }: GitRepository): string {
  const args = ['-C', dir, 'fsck', '--no-dangling']
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}
