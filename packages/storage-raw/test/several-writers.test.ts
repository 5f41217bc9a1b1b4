import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { createRecognizer } from '@lg/serializer'
import { createMappedRawStorage, type MappedRawStorage } from '@lg/storage-raw'
import { createFakeClock, createTree, type Tree } from '@lg/test-kit'
import { createChildProgram } from '@lg/test-process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countOf, keyOf, textOf } from './child/cars.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree({ 'cars/all.yaml': textOf('counter', '0') })
})
afterEach(() => tree.close())

const open = (options: { readonly clock?: ReturnType<typeof createFakeClock> } = {}): MappedRawStorage =>
  createMappedRawStorage({
    dir: tree.dir,
    recognize: createRecognizer(),
    template: 'cars/all.yaml',
    fsync: false,
    ...options,
  })

describe('several writers of one file', () => {
  it('lose no write of each other, in processes of their own', { tags: ['slow'] }, async () => {
    const program = await createChildProgram(new URL('child/count-up.ts', import.meta.url))
    try {
      const names = ['ann', 'bob', 'eve']
      const ended = await Promise.all(names.map((name) => program.run([tree.dir, name, '25'])))
      expect(ended).toEqual(['done', 'done', 'done'])
      const storage = open()
      expect(countOf((await storage.read(keyOf('counter'))).bytes)).toBe(75)
      expect(await storage.list()).toHaveLength(76)
      expect(await storage.problems()).toEqual([])
      expect(await tree.list()).toEqual(['cars/all.yaml'])
    } finally {
      await program.close()
    }
  })

  it('lose no write of each other within one process', async () => {
    const storages = [open(), open()]
    await Promise.all(
      storages.flatMap((storage, number) =>
        Array.from({ length: 20 }, async (_, turn) => {
          const name = `car-${number}-${turn}`
          const write = () => storage.write(keyOf(name), Buffer.from(textOf(name, 'x')))
          for (let done = false; !done;) {
            done = await write().then(
              () => true,
              (error: { code: string }) => {
                expect(error.code).toBe('CONFLICT')
                return false
              },
            )
          }
        }),
      ),
    )
    expect(await open().list()).toHaveLength(41)
  })
})

describe('a lock', () => {
  const digits = createHash('sha256').update('all.yaml').digest('hex').slice(0, 16)
  const lock = `cars/.lg-${digits}.lock`
  const next = Buffer.from(textOf('counter', '1'))

  it('that a killed process left is taken over at once', async () => {
    const { pid } = spawnSync('true')
    await tree.write(lock, `${hostname()} ${pid} 0123456789abcdef`)
    await open().write(keyOf('counter'), next)
    expect(await tree.read('cars/all.yaml')).toBe(next.toString())
    expect(await tree.list()).toEqual(['cars/all.yaml'])
  })

  it('of another machine is respected for 30 seconds', async () => {
    const clock = createFakeClock({ now: Date.now() })
    await tree.write(lock, 'elsewhere 1 0123456789abcdef')
    let written = false
    const write = open({ clock })
      .write(keyOf('counter'), next)
      .then(() => (written = true))
    await clock.waitForSleepers(1)
    expect(written).toBe(false)
    await clock.advance(40_000)
    await write
    expect(await tree.list()).toEqual(['cars/all.yaml'])
  })

  it('is waited for no longer than the caller wants to', async () => {
    await tree.write(lock, `${hostname()} ${process.pid} 0123456789abcdef`)
    const reason = new Error('enough')
    const controller = new AbortController()
    const clock = createFakeClock({ now: Date.now() })
    const write = open({ clock }).write(keyOf('counter'), next, { signal: controller.signal })
    void clock.waitForSleepers(1).then(() => controller.abort(reason))
    await expect(write).rejects.toBe(reason)
    expect(await tree.read('cars/all.yaml')).toBe(textOf('counter', '0'))
    expect(await tree.read(lock)).toContain(hostname())
  })
})
