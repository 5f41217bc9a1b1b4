import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSeededRandom } from '@lg/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createArena, type Arena } from './faults/arena.ts'
import { killPoints } from './faults/kill-points.ts'
import type { WorkerProcess } from './faults/worker-process.ts'

/** `LG_FAULTS=full` takes every kill point and hundreds of kills; `LG_FAULTS_SEED` repeats a run. */
const full = process.env['LG_FAULTS'] === 'full'
const seed = Number(process.env['LG_FAULTS_SEED'] ?? Math.floor(Math.random() * 1e9))
const random = createSeededRandom(seed)
const below = (limit: number): number => Math.floor(random.fraction() * limit)
const few = <Item>(items: readonly Item[], number: number): readonly Item[] =>
  full ? items : Array.from({ length: number }, () => items[below(items.length)] as Item)

/** A clone belongs to one address, so each has its own. */
const anyTransport = (): 'http' | 'ssh' => (random.fraction() < 0.2 ? 'ssh' : 'http')

let arena: Arena
const acknowledged = new Set<string>()
const counts = { kills: 0, cuts: 0, acknowledged: 0, refused: 0, landed: 0 }
let names = 0

beforeAll(async () => {
  arena = await createArena()
})
afterAll(async () => {
  await arena?.close()
  process.stdout.write(`faults: seed ${seed}, ${JSON.stringify(counts)}\n`)
})

/** Has one piece of work done; false when the worker was ended meanwhile, a code when it could not. */
async function work(worker: WorkerProcess, verb: 'work' | 'add' = 'work'): Promise<boolean | string> {
  const id = `w${names++}`
  worker.send(`${verb} ${id}`)
  const answer = await Promise.race([worker.waitFor(`done ${id}`), worker.waitFor(`failed ${id} `)])
  if (answer?.startsWith('done ')) {
    acknowledged.add(id)
    counts.acknowledged++
    return true
  }
  if (answer === undefined) return false
  counts.refused++
  return answer.split(' ').slice(2).join(' ')
}

/** A restart in the same folder does its work without anybody's help, and nothing is lost or doubled. */
async function recovers(name: string, transport: 'http' | 'ssh' = 'http'): Promise<number> {
  const worker = arena.start(name, { transport })
  expect(await worker.waitFor('ready'), worker.errors()).toBe('ready')
  expect(await work(worker)).toBe(true)
  worker.send('quit')
  expect(await worker.waitFor('closed'), worker.errors()).toBe('closed')
  expect(await arena.locks(name)).toEqual([])
  counts.landed = (await arena.judge(acknowledged)).landed
  return counts.landed
}

const label = `(seed ${seed})`
const limit = full ? 3_600_000 : 60_000

describe(`a process that is killed ${label}`, { tags: ['slow'] }, () => {
  it(
    'at a named moment loses nothing and does nothing by half',
    async () => {
      for (const killPoint of few(killPoints, 3)) {
        const transport = anyTransport()
        const worker = arena.start(`killed-${transport}`, { killPoint, transport })
        await worker.waitFor('ready')
        for (let turn = 0; turn < 2; turn++) if ((await work(worker)) === false) break
        counts.kills++
        worker.kill()
        await worker.ended
        expect(worker.errors()).toBe('')
        expect(await recovers(`killed-${transport}`, transport)).toBeGreaterThan(0)
      }
    },
    limit,
  )

  it(
    'at any moment loses nothing and does nothing by half',
    async () => {
      for (const _ of Array.from({ length: full ? 200 : 3 })) {
        const transport = anyTransport()
        const worker = arena.start(`random-${transport}`, { transport })
        const working = (async () => {
          while ((await work(worker)) !== false);
        })()
        await new Promise((resolve) => setTimeout(resolve, 300 + below(1500)))
        counts.kills++
        worker.kill()
        await worker.ended
        await working
        expect(worker.errors()).toBe('')
        expect(await recovers(`random-${transport}`, transport)).toBeGreaterThan(0)
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
        counts.cuts++
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
      counts.landed = (await arena.judge(acknowledged)).landed
    },
    limit,
  )

  it(
    'by damaging the saved index only makes the next start slower',
    async () => {
      expect(await recovers('index')).toBeGreaterThan(0)
      const file = join(arena.dirOf('index'), 'object-index')
      await truncate(file, below((await readFile(file)).length))
      expect(await recovers('index')).toBeGreaterThan(0)
      await writeFile(file, Buffer.from(random.bytes(1000)))
      expect(await recovers('index')).toBeGreaterThan(0)
    },
    limit,
  )
})

describe(`several processes ${label}`, { tags: ['slow'] }, () => {
  it(
    'on one branch all land all their work, and no count is lost',
    async () => {
      const [processes, each] = full ? [4, 16] : [2, 4]
      const workers = Array.from({ length: processes }, (_, index) => arena.start(`crowd-${index}`))
      for (const worker of workers) await worker.waitFor('ready')
      workers.forEach((worker, index) => worker.send(`burst wcrowd${index} ${each}`))
      await Promise.all(workers.map((worker, index) => worker.waitFor(`done-all wcrowd${index}`)))
      const lines = workers.flatMap((worker) => worker.lines)
      expect(lines.filter((line) => line.startsWith('failed'))).toEqual([])
      for (const line of lines) if (line.startsWith('done w')) acknowledged.add(line.slice(5))
      expect(lines.filter((line) => line.startsWith('done w'))).toHaveLength(processes * each)
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
        while (!isOver) expect(await work(other, 'work')).toBe(true)
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
