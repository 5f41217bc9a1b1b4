import { silentLogger } from '@lg/runtime'
import { createFakeClock } from '@lg/test-kit'
import { expect, test } from 'vitest'
import { createDeadline } from '../src/deadline.ts'
import { createMeasure } from '../src/metric.ts'

const measure = createMeasure(undefined, silentLogger)

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

test('an operation that takes too long is aborted with an error that names it and the limit', async () => {
  const clock = createFakeClock()
  const operate = createDeadline({ clock, timeout: 60_000, measure })
  const operation = 'Fetching main from https://git.example.org/cars.git'
  const failure = operate(['fetch', operation], untilAborted).catch((error: unknown) => error)
  await clock.advance(59_999)
  expect(clock.pending()).toBe(1)
  await clock.advance(1)
  expect(await failure).toMatchObject({
    code: 'TIMEOUT',
    message: `${operation} took longer than 60000 ms; raise the option timeout if it needs that long`,
    details: { operation, timeout: 60_000 },
  })
})

test('an operation in time leaves no timer behind, however it ends', async () => {
  const clock = createFakeClock()
  const operate = createDeadline({ clock, timeout: 1, measure })
  expect(await operate(['fetch', 'Working'], async () => 'done')).toBe('done')
  await expect(
    operate(['fetch', 'Failing'], async () => {
      throw new Error('broken')
    }),
  ).rejects.toThrow('broken')
  expect(clock.pending()).toBe(0)
})

test("the caller's signal aborts with its own reason", async () => {
  const operate = createDeadline({ clock: createFakeClock(), timeout: 60_000, measure })
  const controller = new AbortController()
  const reason = new Error('enough')
  const failure = operate(['fetch', 'Working'], untilAborted, { signal: controller.signal }).catch(
    (error: unknown) => error,
  )
  controller.abort(reason)
  expect(await failure).toBe(reason)
  await expect(operate(['fetch', 'Working'], untilAborted, { signal: controller.signal })).rejects.toThrow(
    'enough',
  )
})
