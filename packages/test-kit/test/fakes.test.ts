import { describe, expect, test } from 'vitest'
import { createFakeClock, createRecordingLogger, createSeededRandom, createTree } from '../src/index.ts'

describe('createFakeClock', () => {
  test('wakes sleepers in order, each at its own time', async () => {
    const clock = createFakeClock({ now: 1_000 })
    const woken: [string, number][] = []
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms)
      woken.push([name, clock.now()])
    }
    const all = [sleep('b', 20), sleep('a', 10), sleep('c', 20), sleep('late', 31)]
    expect(clock.remaining()).toEqual([10, 20, 20, 31])
    await clock.advance(30)
    expect(woken).toEqual([
      ['a', 1_010],
      ['b', 1_020],
      ['c', 1_020],
    ])
    expect([clock.now(), clock.pending()]).toEqual([1_030, 1])
    await clock.advance(1)
    await Promise.all(all)
  })

  test('lets what a wake sets off run first, new sleeps included', async () => {
    const clock = createFakeClock({ now: 0 })
    const ticks: number[] = []
    const loop = async (): Promise<void> => {
      while (ticks.length < 5) {
        await clock.sleep(10)
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
        ticks.push(clock.now())
      }
    }
    const done = loop()
    await Promise.all([clock.advance(25), clock.advance(25)])
    await done
    expect(ticks).toEqual([10, 20, 30, 40, 50])
  })

  test('waits for sleepers without polling', async () => {
    const clock = createFakeClock()
    const two = clock.waitForSleepers(2)
    const first = clock.sleep(1)
    await clock.waitForSleepers(1)
    const second = clock.sleep(2)
    await two
    await clock.advance(2)
    await Promise.all([first, second])
    const reason = new Error('enough')
    await expect(clock.waitForSleepers(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  test('an aborted sleep rejects with the reason and is gone', async () => {
    const clock = createFakeClock()
    const controller = new AbortController()
    const sleep = clock.sleep(10, { signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(sleep).rejects.toBe(reason)
    expect(clock.pending()).toBe(0)
    await expect(clock.sleep(10, { signal: controller.signal })).rejects.toBe(reason)
  })

  test('no time passes for no time, and none goes back', async () => {
    const clock = createFakeClock()
    await clock.sleep(0)
    await expect(clock.advance(-1)).rejects.toThrow(RangeError)
  })
})

describe('createSeededRandom', () => {
  test('repeats for the same seed and only for that', () => {
    const draw = (seed: number): number[] => {
      const random = createSeededRandom(seed)
      return [...random.bytes(16), random.fraction(), random.fraction()]
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  test('spreads evenly over 0 to 1', () => {
    const random = createSeededRandom(1)
    const tenths = Array<number>(10).fill(0)
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = Math.floor(random.fraction() * 10)
      tenths[tenth] = (tenths[tenth] ?? Number.NaN) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })
})

describe('createRecordingLogger', () => {
  test('keeps calls in order and tells all as text', async () => {
    const logger = createRecordingLogger()
    const warned = logger.waitFor((entry) => entry.level === 'warn')
    logger.info('started', { port: 80, deep: { a: { b: { c: { d: 'hidden-token' } } } } })
    logger.warn('failed', { error: new Error('outer', { cause: new Error('inner-cause') }), big: 2n ** 64n })
    expect(await warned).toMatchObject({ message: 'failed' })
    expect(logger.entries.map((entry) => entry.level)).toEqual(['info', 'warn'])
    for (const part of ['hidden-token', 'inner-cause', '18446744073709551616n'])
      expect(logger.text()).toContain(part)
  })
})

describe('createTree', () => {
  test('holds files until it is closed', async () => {
    const tree = await createTree({ 'a/b.txt': 'x', c: Uint8Array.of(1, 2) })
    await tree.write('d/e', 'y')
    expect(await tree.list()).toEqual(['a/b.txt', 'c', 'd/e'])
    expect(await tree.list('d')).toEqual(['d/e'])
    expect([...(await tree.readBytes('c'))]).toEqual([1, 2])
    await tree.remove('a')
    expect(await tree.list()).toEqual(['c', 'd/e'])
    await tree.close()
    await tree[Symbol.asyncDispose]()
    await expect(tree.read('c')).rejects.toThrow('ENOENT')
  })

  test.each(['../x', '/etc/passwd', 'a/../../x'])('%s is outside', async (path) => {
    await expect(createTree({ [path]: 'x' })).rejects.toMatchObject({ code: 'PATH_INVALID' })
  })
})
