import { createFakeClock } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { createTurns } from '../src/turns.ts'

describe('turns', () => {
  it('come in the order in which they were asked for', async () => {
    const turns = createTurns(createFakeClock(), 1000)
    const order: string[] = []
    const take = async (name: string): Promise<void> => {
      const turn = await turns.take()
      order.push(name)
      turn.end()
    }
    await Promise.all(['a', 'b', 'c'].map(take))
    expect(order).toEqual(['a', 'b', 'c'])
  })

  it('pass on from one that takes too long, which may be waiting for the next', async () => {
    const clock = createFakeClock()
    const turns = createTurns(clock, 1000)
    const first = await turns.take()
    const second = turns.take()
    await clock.waitForSleepers(1)
    await clock.advance(1000)
    const { end } = await second
    expect(clock.pending()).toBe(1)
    end()
    first.end()
  })

  it('pass on from one who stops waiting, with the reason of the signal', async () => {
    const turns = createTurns(createFakeClock(), 1000)
    const first = await turns.take()
    const controller = new AbortController()
    const second = turns.take({ signal: controller.signal })
    const third = turns.take()
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(second).rejects.toBe(reason)
    first.end()
    expect(await third).toBeDefined()
  })
})
