import { describe, expect, test } from 'vitest'
import { createShared, type Run } from '../src/shared.ts'

interface Started extends Run {
  readonly finish: (value: string) => void
}

/** Work that ends when the test says so, and rejects with the reason when it is aborted. */
function scripted(): { readonly started: Started[]; readonly work: (run: Run) => Promise<string> } {
  const started: Started[] = []
  const work = (run: Run): Promise<string> =>
    new Promise((finish, reject) => {
      started.push({ ...run, finish })
      run.signal.addEventListener('abort', () => reject(run.signal.reason))
    })
  return { started, work }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('shared work', () => {
  test('is done once for all who ask before it is sealed', async () => {
    const { started, work } = scripted()
    const { join } = createShared(work)
    const early = [join(), join()]
    await turn()
    const late = join()
    started[0]?.finish('one')
    expect(await Promise.all([...early, late])).toEqual(['one', 'one', 'one'])
    expect(started).toHaveLength(1)
  })

  test('is done anew for who asks after the seal', async () => {
    const { started, work } = scripted()
    const { join } = createShared(work)
    const first = join()
    await turn()
    started[0]?.seal()
    const second = [join(), join()]
    await turn()
    expect(started).toHaveLength(2)
    started[1]?.finish('two')
    started[0]?.finish('one')
    expect(await Promise.all([first, ...second])).toEqual(['one', 'two', 'two'])
  })

  test('goes on when one of several leaves', async () => {
    const { started, work } = scripted()
    const { join } = createShared(work)
    const leaving = new AbortController()
    const left = join({ signal: leaving.signal })
    const stayed = join()
    await turn()
    leaving.abort(new Error('enough'))
    await expect(left).rejects.toThrow('enough')
    expect(started[0]?.signal.aborted).toBe(false)
    started[0]?.finish('one')
    expect(await stayed).toBe('one')
  })

  test('is aborted when the last one leaves, and not joined any more', async () => {
    const { started, work } = scripted()
    const { join } = createShared(work)
    const leaving = [new AbortController(), new AbortController()]
    const left = leaving.map(({ signal }) => join({ signal }))
    await turn()
    for (const [index, controller] of leaving.entries()) controller.abort(new Error(`left ${index}`))
    const next = join()
    const settled = await Promise.allSettled(left)
    expect(settled.map((result) => result.status === 'rejected' && String(result.reason))).toEqual([
      'Error: left 0',
      'Error: left 1',
    ])
    await turn()
    started[1]?.finish('two')
    expect(await next).toBe('two')
  })

  test('does not begin for a signal that is aborted already', async () => {
    const { started, work } = scripted()
    await expect(createShared(work).join({ signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow(
      'never',
    )
    await turn()
    expect(started).toHaveLength(0)
  })

  test('gives its failure to all, and begins afresh for the next', async () => {
    let runs = 0
    const { join } = createShared(async () => {
      runs++
      if (runs === 1) throw new Error('broken')
      return 'whole'
    })
    const both = await Promise.allSettled([join(), join()])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await join()).toBe('whole')
  })

  test('is cancelled for everybody, and cancelling waits for the end', async () => {
    const { started, work } = scripted()
    const { join, cancel } = createShared(work)
    const first = join()
    await turn()
    started[0]?.seal()
    const second = join()
    const failures = Promise.allSettled([first, second])
    await turn()
    await cancel(new Error('closed'))
    expect((await failures).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(started.every(({ signal }) => signal.aborted)).toBe(true)
  })
})
