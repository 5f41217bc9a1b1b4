import { chmod, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSeededRandom } from '@lg/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createArena, type Arena, type Transport } from './faults/arena.ts'
import { killSteps } from './faults/kill-points.ts'
import type { WorkerProcess } from './faults/worker-process.ts'

/** `LG_FAULTS=full` takes every named moment and hundreds of others; `LG_FAULTS_SEED` repeats a run. */
const full = process.env['LG_FAULTS'] === 'full'
const seed = Number(process.env['LG_FAULTS_SEED'] ?? Math.floor(Math.random() * 1e9))
const random = createSeededRandom(seed)
const below = (limit: number): number => Math.floor(random.fraction() * limit)
const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item

/** A clone belongs to one address, so each has its own. */
const anyTransport = (): Transport => (random.fraction() < 0.2 ? 'ssh' : 'http')

let arena: Arena
const acknowledged = new Set<string>()
const counts = {
  'kills at named moments': 0,
  'kills at random named moments': 0,
  'kills at random times': 0,
  'connections cut': 0,
  'objects damaged': 0,
  'pieces of work acknowledged': 0,
  'pieces of work refused': 0,
  'pieces of work on the remote': 0,
}
let names = 0
const newName = (kind: 'w' | 'x' = 'w'): string => `${kind}${names++}`

beforeAll(async () => {
  arena = await createArena()
})
afterAll(async () => {
  await arena?.close()
  const told = Object.entries(counts).map(([what, count]) => `${count} ${what}`)
  process.stdout.write(`faults with seed ${seed}: ${told.join(', ')}\n`)
})

/** Has one piece of work done; false when the worker was ended meanwhile, a code when it could not. */
async function work(worker: WorkerProcess): Promise<boolean | string> {
  const id = newName()
  worker.send(`work ${id}`)
  const answer = await Promise.race([worker.waitFor(`done ${id}`), worker.waitFor(`failed ${id} `)])
  if (answer?.startsWith('done ')) {
    acknowledged.add(id)
    counts['pieces of work acknowledged']++
    return true
  }
  if (answer === undefined) return false
  counts['pieces of work refused']++
  return answer.split(' ').slice(2).join(' ')
}

/**
 * A restart in the same folder does its work without anybody's help, nothing is lost or doubled, and each file is laid
 * out as it should be.
 */
async function recovers(
  name: string,
  { transport = 'http', proposal }: { readonly transport?: Transport; readonly proposal?: string } = {},
): Promise<number> {
  const worker = arena.start(name, { transport })
  expect(await worker.waitFor('ready'), worker.errors()).toBe('ready')
  expect(await work(worker)).toBe(true)
  if (proposal !== undefined) {
    worker.send(`propose ${proposal}`)
    expect(await worker.waitFor('proposed'), worker.errors()).toBe(`proposed ${proposal}`)
  }
  worker.send('look')
  expect(await worker.waitFor('looked'), worker.errors()).toBe('looked ')
  worker.send('quit')
  expect(await worker.waitFor('closed'), worker.errors()).toBe('closed')
  expect(await arena.locks(name)).toEqual([])
  counts['pieces of work on the remote'] = (await arena.judge(acknowledged)).landed
  return counts['pieces of work on the remote']
}

const label = `(seed ${seed})`
const limit = full ? 3_600_000 : 120_000

describe(`a process that is killed ${label}`, { tags: ['slow'] }, () => {
  it(
    'at each moment that the code names loses nothing and does nothing by half',
    async () => {
      const steps = full ? killSteps : Array.from({ length: 4 }, () => oneOf(killSteps))
      for (const [index, step] of steps.entries()) {
        const transport = anyTransport()
        const [name, id] = [`named-${index}`, newName()]
        const worker = arena.start(name, { killPoint: { step, turn: 1 }, transport })
        worker.send(`tour ${id}`)
        expect(await worker.ended, `${step} is never reached: ${worker.errors()}`).toBe('SIGKILL')
        counts['kills at named moments']++
        if (worker.lines.includes(`done ${id}`)) acknowledged.add(id)
        expect(await recovers(name, { transport, proposal: id }), step).toBeGreaterThan(0)
      }
    },
    limit,
  )

  it(
    'at any of them, the first time or later, does so too',
    async () => {
      for (const _ of Array.from({ length: full ? 30 : 2 })) {
        const transport = anyTransport()
        const name = `later-${transport}`
        const killPoint = { step: oneOf(killSteps), turn: 1 + below(6) }
        const worker = arena.start(name, { killPoint, transport })
        const id = newName()
        worker.send(`tour ${id}`)
        if ((await worker.ended) === 'SIGKILL') counts['kills at random named moments']++
        if (worker.lines.includes(`done ${id}`)) acknowledged.add(id)
        expect(await recovers(name, { transport, proposal: id })).toBeGreaterThan(0)
      }
    },
    limit,
  )

  it(
    'at any time loses nothing and does nothing by half',
    async () => {
      for (const _ of Array.from({ length: full ? 200 : 2 })) {
        const transport = anyTransport()
        const worker = arena.start(`random-${transport}`, { transport })
        const working = (async () => {
          while ((await work(worker)) !== false);
        })()
        await new Promise((resolve) => setTimeout(resolve, 300 + below(1500)))
        counts['kills at random times']++
        worker.kill()
        await worker.ended
        await working
        expect(worker.errors()).toBe('')
        expect(await recovers(`random-${transport}`, { transport })).toBeGreaterThan(0)
      }
    },
    limit,
  )
})

describe(`a remote that fails ${label}`, { tags: ['slow'] }, () => {
  it(
    'in the middle of an answer or a question gets each piece of work once',
    async () => {
      const worker = arena.start('cut')
      await worker.waitFor('ready')
      for (const _ of Array.from({ length: full ? 60 : 4 })) {
        const after = random.fraction() < 0.5 ? 'sent' : 'received'
        const reset = random.fraction() < 0.5
        counts['connections cut']++
        await arena.http.setFault({ type: 'drop', after, bytes: below(1200), reset }, { times: 1 + below(2) })
        expect(await work(worker)).not.toBe(false)
        await arena.http.clearFault()
      }
      worker.send('quit')
      await worker.ended
      expect(await recovers('cut')).toBeGreaterThan(0)
    },
    limit,
  )

  it(
    'by refusing, by being gone, or by losing its answer leaves nothing undone or done twice',
    async () => {
      const worker = arena.start('refused')
      await worker.waitFor('ready')
      await arena.http.setFault({ type: 'refusePush', message: 'no' }, { times: 1 })
      expect(await work(worker)).toBe('PUSH_REJECTED')
      await arena.http.setFault({ type: 'drop', after: 'push' }, { times: 2 })
      expect(await work(worker)).toBe(true)
      await arena.http.setFault({ type: 'gone' })
      expect(await work(worker)).toBe('REMOTE_UNAVAILABLE')
      await arena.http.clearFault()
      expect(await work(worker)).toBe(true)
      worker.send('quit')
      await worker.ended
      expect(await recovers('refused')).toBeGreaterThan(0)
    },
    limit,
  )

  it(
    'to keep its history is followed to the new one',
    async () => {
      const worker = arena.start('rewritten')
      await worker.waitFor('ready')
      await arena.remote.commit({ files: { 'README.md': 'Noise.\n' }, message: 'Noise' })
      worker.send('sync')
      await worker.waitFor('synced')
      await arena.remote.forcePush({ files: { 'README.md': 'Other noise.\n' }, message: 'Other noise' })
      expect(await work(worker)).toBe(true)
      worker.send('quit')
      await worker.ended
      expect(await recovers('rewritten')).toBeGreaterThan(0)
    },
    limit,
  )
})

describe(`a machine that fails ${label}`, { tags: ['slow'] }, () => {
  it(
    'with a clock that jumps does its work all the same',
    async () => {
      const worker = arena.start('clock', { clockJumps: true })
      await worker.waitFor('ready')
      for (const _ of Array.from({ length: full ? 20 : 3 })) expect(await work(worker)).toBe(true)
      worker.send('quit')
      await worker.ended
      expect(await recovers('clock')).toBeGreaterThan(0)
    },
    limit,
  )

  it(
    'with a full disk says so, and goes on when there is room again',
    async () => {
      const worker = arena.start('full', { disk: 8 * 1024 * 1024 })
      if ((await worker.waitFor('ready')) === undefined) {
        // Where a user may not mount, there is no small disk to fill.
        expect(worker.errors()).toMatch(/unshare|mount/)
        return
      }
      expect(await work(worker)).toBe(true)
      worker.send('fill')
      await worker.waitFor('full')
      const code = await work(worker)
      expect(code).toMatch(/^[A-Z_]+$/)
      worker.send('free')
      await worker.waitFor('freed')
      expect(await work(worker)).toBe(true)
      worker.send('quit')
      await worker.ended
      await arena.judge(acknowledged)
    },
    limit,
  )

  it(
    'by damaging the saved index, or an object, only makes the next start slower',
    async () => {
      expect(await recovers('damaged')).toBeGreaterThan(0)
      const index = join(arena.dirOf('damaged'), 'object-index')
      await truncate(index, below((await readFile(index)).length))
      expect(await recovers('damaged')).toBeGreaterThan(0)
      await writeFile(index, random.bytes(1000))
      expect(await recovers('damaged')).toBeGreaterThan(0)
      for (const _ of Array.from({ length: full ? 20 : 2 })) {
        counts['objects damaged']++
        await damage(oneOf(await arena.objects('damaged')))
        expect(await recovers('damaged')).toBeGreaterThan(0)
      }
    },
    limit,
  )
})

/** As a bad disk does: some bytes become others. */
async function damage(file: string): Promise<void> {
  const bytes = await readFile(file)
  bytes.set(random.bytes(8), below(Math.max(1, bytes.length - 8)))
  await chmod(file, 0o600)
  await writeFile(file, bytes)
}

describe(`several processes ${label}`, { tags: ['slow'] }, () => {
  it.each([
    ['different objects all land all their work', 'x'],
    ['one object count as often as they succeed', 'w'],
  ] as const)(
    'on %s',
    async (_, kind) => {
      const [processes, each] = full ? [4, 16] : [2, 4]
      const workers = Array.from({ length: processes }, (_, index) => arena.start(`crowd-${index}`))
      for (const worker of workers) await worker.waitFor('ready')
      const burst = newName(kind)
      workers.forEach((worker, index) => worker.send(`burst ${burst}-${index} ${each}`))
      await Promise.all(workers.map((worker, index) => worker.waitFor(`done-all ${burst}-${index}`)))
      const lines = workers.flatMap((worker) => worker.lines)
      expect(lines.filter((line) => line.startsWith('failed'))).toEqual([])
      const done = lines.flatMap((line) => (line.startsWith(`done ${burst}-`) ? [line.slice(5)] : []))
      expect(done).toHaveLength(processes * each)
      for (const id of done) acknowledged.add(id)
      counts['pieces of work acknowledged'] += done.length
      for (const worker of workers) worker.kill()
      await Promise.all(workers.map(({ ended }) => ended))
      expect(await recovers('crowd-0')).toBeGreaterThan(0)
    },
    limit,
  )

  it(
    'beside a clone that pushes without a pause land too',
    async () => {
      const [worker, other] = [arena.start('beside'), arena.start('pusher')]
      await Promise.all([worker.waitFor('ready'), other.waitFor('ready')])
      let isOver = false
      const pushing = (async () => {
        while (!isOver) expect(await work(other)).toBe(true)
      })()
      for (const _ of Array.from({ length: full ? 20 : 3 })) expect(await work(worker)).toBe(true)
      isOver = true
      await pushing
      for (const each of [worker, other]) each.send('quit')
      await Promise.all([worker.ended, other.ended])
      expect(await recovers('beside')).toBeGreaterThan(0)
    },
    limit,
  )
})
