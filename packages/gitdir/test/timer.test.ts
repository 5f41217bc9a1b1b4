import fc from 'fast-check'
import { createFakeClock } from '@lg/test-kit'
import { describe, expect, test } from 'vitest'
import { createTimer, retryDelay } from '../src/timer.ts'

describe('the timer', () => {
  test('fires once, when it is due', async () => {
    const clock = createFakeClock({ now: 1_000 })
    let fired = 0
    const timer = createTimer(clock, () => void fired++)
    timer.plan(500)
    expect(timer.due).toBe(1_500)
    await clock.advance(499)
    expect(fired).toBe(0)
    await clock.advance(1)
    expect(fired).toBe(1)
    await clock.advance(10_000)
    expect(fired).toBe(1)
  })

  test('keeps only the last plan, and none after stop', async () => {
    const clock = createFakeClock()
    let fired = 0
    const timer = createTimer(clock, () => void fired++)
    timer.plan(100)
    timer.plan(300)
    await clock.advance(200)
    expect(fired).toBe(0)
    expect(clock.pending()).toBe(1)
    timer.stop()
    await clock.advance(1_000)
    expect(fired).toBe(0)
    expect(clock.pending()).toBe(0)
  })
})

describe('the wait after failures', () => {
  const random = (fraction: number) => ({ fraction: () => fraction, bytes: () => new Uint8Array() })
  const delays = (interval: number, fraction = 0): number[] =>
    Array.from({ length: 12 }, (_, index) => retryDelay(index + 1, { interval, random: random(fraction) }))

  test('doubles from a second to five minutes', () => {
    expect(delays(30_000)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000, 300_000,
    ])
  })

  test('begins no later than the interval, and grows to the interval when that is longer', () => {
    expect(delays(200)[0]).toBe(200)
    expect(delays(600_000).at(-1)).toBe(600_000)
  })

  test('is shortened by chance, to no less than half', () => {
    const choices = fc.record({
      failures: fc.integer({ min: 1, max: 100_000 }),
      interval: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fraction: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    })
    fc.assert(
      fc.property(choices, ({ failures, interval, fraction }) => {
        const full = retryDelay(failures, { interval, random: random(0) })
        const delay = retryDelay(failures, { interval, random: random(fraction) })
        expect(delay).toBeGreaterThanOrEqual(full / 2)
        expect(delay).toBeLessThanOrEqual(full)
        expect(delay).toBeLessThanOrEqual(2 ** 31 - 1)
        expect(Number.isInteger(delay)).toBe(true)
      }),
    )
  })
})
