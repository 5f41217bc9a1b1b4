import { afterEach, describe, expect, it, vi } from 'vitest'
import { randomHex, systemClock, systemRandom, type Random } from '../src/index.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('systemClock.sleep', () => {
  it('resolves when the time has passed', async () => {
    vi.useFakeTimers()
    const done = vi.fn<() => void>()
    const slept = systemClock.sleep(50).then(done)
    await vi.advanceTimersByTimeAsync(49)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await slept
    expect(done).toHaveBeenCalledOnce()
  })

  it('holds longer than one timer can', async () => {
    vi.useFakeTimers()
    const month = 30 * 24 * 3_600_000
    const done = vi.fn<() => void>()
    void systemClock.sleep(month).then(done)
    await vi.advanceTimersByTimeAsync(month - 1)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toHaveBeenCalledOnce()
  })

  it('rejects with the reason of the signal, before and while it sleeps', async () => {
    vi.useFakeTimers()
    const controller = new AbortController()
    const slept = systemClock.sleep(1000, { signal: controller.signal })
    controller.abort('stop')
    await expect(slept).rejects.toBe('stop')
    await expect(systemClock.sleep(0, { signal: controller.signal })).rejects.toBe('stop')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('random', () => {
  it('writes two hexadecimal digits a byte', () => {
    const random: Random = { bytes: () => Uint8Array.of(0, 10, 255), fraction: () => 0 }
    expect(randomHex(random, 3)).toBe('000aff')
    expect(randomHex(systemRandom, 4)).toMatch(/^[0-9a-f]{8}$/)
  })

  it('gives fractions below one', () => {
    for (let i = 0; i < 100; i++) {
      const fraction = systemRandom.fraction()
      expect(fraction).toBeGreaterThanOrEqual(0)
      expect(fraction).toBeLessThan(1)
    }
  })
})
