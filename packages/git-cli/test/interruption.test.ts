import { readFileSync, readlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { GitRepository } from '@lg/git'
import { silentLogger } from '@lg/runtime'
import type { LogFields } from '@lg/runtime'
import { createFakeClock, createGitHttpServer, listDescendants } from '@lg/test-kit'
import type { GitHttpServer } from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'
import type { OpenCars } from './fixture.ts'

/** A store whose remote does not answer before the test lets it. */
async function createStuck(
  options: OpenCars['options'] = {},
): Promise<{ readonly store: GitRepository; readonly server: GitHttpServer; readonly asked: Promise<void> }> {
  const root = await createFolder()
  await createCars(root)
  const server = await createGitHttpServer({ root })
  onTestFinished(() => server.close())
  const store = await openCars({ root, url: server.url('cars.git'), options })
  await store.fetch()
  let freed = (): void => {}
  let reached = (): void => {}
  const asked = new Promise<void>((resolve) => {
    reached = resolve
  })
  await server.setFault({
    type: 'intercept',
    run: () => {
      reached()
      return new Promise((resolve) => {
        freed = resolve
      })
    },
  })
  onTestFinished(() => freed())
  return { store, server, asked }
}

/** Children of this process that talk to a remote. */
function talkers(): readonly string[] {
  return listDescendants()
    .map(({ args }) => args.join(' '))
    .filter((args) => / (?:fetch|push|ls-remote) |remote-http/.test(args))
}

describe('an aborted call', () => {
  it('rejects with the reason, and leaves no process behind', async () => {
    const { store, asked } = await createStuck()
    const abort = new AbortController()
    const fetching = failure(store.fetch({ signal: abort.signal }))
    await asked
    expect(talkers()).not.toEqual([])
    const reason = new Error('enough')
    abort.abort(reason)
    expect(await fetching).toBe(reason)
    expect(talkers()).toEqual([])
  })

  it('does not hold up the next one', async () => {
    const { store, server, asked } = await createStuck()
    const abort = new AbortController()
    const fetching = failure(store.fetch({ signal: abort.signal }))
    await asked
    abort.abort()
    await fetching
    await server.clearFault()
    expect((await store.fetch()).changed).toEqual([])
  })

  it('leaves a waiting one at once', async () => {
    const { store, asked } = await createStuck()
    const [first, second] = [new AbortController(), new AbortController()]
    const one = failure(store.fetch({ signal: first.signal }))
    await asked
    const two = failure(store.fetch({ signal: second.signal }))
    second.abort(new Error('second'))
    expect((await two).message).toBe('second')
    first.abort(new Error('first'))
    expect((await one).message).toBe('first')
  })
})

describe('the time', () => {
  it('ends a fetch', async () => {
    const clock = createFakeClock()
    const { store, asked } = await createStuck({ clock, timeouts: { remote: 5_000 } })
    const fetching = failure(store.fetch())
    await asked
    await clock.advance(5_000)
    expect(await fetching).toMatchObject({ code: 'TIMEOUT', details: { operation: 'fetch', timeout: 5_000 } })
    expect(talkers()).toEqual([])
  })

  it('leaves a push in doubt', async () => {
    const clock = createFakeClock()
    const { store, asked } = await createStuck({ clock, timeouts: { remote: 5_000 } })
    const target = await commit(store, [await store.resolve('main')], write('a', '1'))
    const pushing = failure(store.push([{ ref: 'refs/heads/main', target }]))
    await asked
    await clock.advance(5_000)
    expect(await pushing).toMatchObject({
      code: 'REMOTE_UNAVAILABLE',
      details: { sent: true },
      cause: { code: 'TIMEOUT' },
    })
    expect(talkers()).toEqual([])
  })
})

describe('packing', () => {
  it('that is broken off loses nothing, and the next one works', async () => {
    const root = await createFolder()
    await createCars(root)
    const abort = new AbortController()
    const stop = (): void => abort.abort(new Error('enough'))
    const debug = (_: string, { operation }: LogFields = {}): void => {
      // The next step is the one that writes packs.
      if (operation === 'pack-refs') setImmediate(stop)
    }
    const store = await openCars({ root, options: { logger: { ...silentLogger, debug } } })
    await store.fetch()
    const main = await store.resolve('main')
    const unpushed = await commit(store, [main], write('a', '1'))
    expect((await failure(store.gc({ signal: abort.signal }))).message).toBe('enough')
    expect(await store.listTree(unpushed)).toHaveLength(3)
    await store.close()
    const again = await openCars({ root })
    await again.gc()
    expect(await again.listTree(unpushed)).toHaveLength(3)
    const packs = await readdir(join(root, 'store/objects/pack'))
    expect(packs.filter((name) => /tmp/.test(name))).toEqual([])
  })

  it('runs at the lowest priority', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = await openCars({ root })
    await store.fetch()
    const nice = new Set<string>()
    let running = true
    const packing = store.gc().finally(() => {
      running = false
    })
    while (running) {
      for (const { pid, args } of listDescendants()) {
        // The program that lowers the priority of what it becomes is not there yet.
        if (args[0] === 'nice') continue
        if (args.includes('repack') || args.includes('pack-objects')) nice.add(niceOf(pid))
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    await packing
    nice.delete('gone')
    expect(Array.from(nice)).toEqual(['19'])
  })
})

function niceOf(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[16] ?? 'gone'
    )
  } catch {
    return 'gone'
  }
}

describe('close', () => {
  it('ends calls under way with CLOSED, and every process', async () => {
    const { store, asked } = await createStuck()
    const fetching = failure(store.fetch())
    await asked
    await store.close()
    expect((await fetching).code).toBe('CLOSED')
    expect(talkers()).toEqual([])
  })
})

describe('a slow reader', () => {
  it('gets everything, also after the process that read ahead has ended', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = await openCars({ root })
    const texts = Array.from({ length: 200 }, (_, index) => `${index}`.repeat(100))
    await commit(store, [], ...texts.map((text, index) => write(`${index}`, text)))
    const some = texts.map((text) => store.hashBlob(new TextEncoder().encode(text)))
    const oids = Array.from({ length: 15 }, () => some).flat()
    const seen: string[] = []
    for await (const { oid, bytes } of store.readBlobs(oids)) {
      if (seen.push(new TextDecoder().decode(bytes)) === 1) {
        await expect.poll(() => readersOf(store).length, { timeout: 10_000 }).toBeLessThanOrEqual(1)
      }
      expect(oid).toBe(oids[seen.length - 1])
    }
    expect(seen).toEqual(Array.from({ length: 15 }, () => texts).flat())
  })
})

describe('the process that reads objects', () => {
  it('holds the lock of the directory, and is replaced when it dies', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = await openCars({ root })
    await store.fetch()
    const main = await store.resolve('main')
    const files = await store.listTree(main)
    for (let round = 0; round < 3; round++) {
      const [reader] = readersOf(store)
      expect(readlinkSync(`/proc/${reader}/fd/3`)).toContain(join(root, 'store/lg/claims/'))
      process.kill(reader ?? 0, 'SIGKILL')
      const lists = await Promise.all(Array.from({ length: 20 }, () => store.listTree(main)))
      expect(lists).toEqual(lists.map(() => files))
    }
  })

  it('may be asked many things with one signal, which stops them all', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = await openCars({ root })
    await store.fetch()
    const main = await store.resolve('main')
    const warnings: string[] = []
    const onWarning = ({ name }: Error): void => void warnings.push(name)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const abort = new AbortController()
    const ask = (): Promise<unknown>[] =>
      Array.from({ length: 50 }, () => store.readCommit(main, { signal: abort.signal }))
    await Promise.all(ask())
    const asked = Promise.allSettled(ask())
    abort.abort(new Error('enough'))
    for (const outcome of await asked) expect(outcome).toMatchObject({ reason: { message: 'enough' } })
    expect(warnings).toEqual([])
  })

  it('is one for many calls', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = await openCars({ root })
    await store.fetch()
    const main = await store.resolve('main')
    await Promise.all(Array.from({ length: 50 }, () => store.listTree(main)))
    expect(readersOf(store)).toHaveLength(1)
  })
})

function readersOf({ dir }: GitRepository): readonly number[] {
  return listDescendants()
    .filter(({ args, environment }) => args.includes('cat-file') && environment?.['GIT_DIR'] === dir)
    .map(({ pid }) => pid)
}
