import type { Commit } from '@lg/git'
import { config } from 'rxjs'
import { afterEach, describe, expect, test } from 'vitest'
import { createBranchHead, type BranchUpdate } from '../src/branch-head.ts'

afterEach(() => {
  config.onUnhandledError = null
})

function commit(digit: string): Commit {
  const author = { name: 'A', email: 'a@example.org', time: 0 }
  return {
    oid: digit.repeat(40),
    tree: digit.repeat(40),
    parents: [],
    author,
    committer: author,
    message: 'm\n',
  }
}

const one: BranchUpdate = { type: 'initial', branch: 'main', commit: commit('1') }
const two: BranchUpdate = { type: 'fastForward', branch: 'main', commit: commit('2'), previous: one.commit }

describe('updates of the branch', () => {
  test('begin with the present state for who comes late, and with the first one for who comes early', () => {
    const head = createBranchHead()
    const early: BranchUpdate[] = []
    const late: BranchUpdate[] = []
    head.updates().subscribe((update) => early.push(update))
    head.set(one)
    head.set(two)
    head.updates().subscribe((update) => late.push(update))
    expect(early).toEqual([one, two])
    expect(late).toEqual([{ type: 'initial', branch: 'main', commit: two.commit }])
  })

  test('reach a subscriber that comes inside a handler once', () => {
    const head = createBranchHead()
    const inner: BranchUpdate[] = []
    head.updates().subscribe(() => {
      if (inner.length === 0) head.updates().subscribe((update) => inner.push(update))
    })
    head.set(one)
    expect(inner).toEqual([one])
  })

  test('reach the others when one subscriber throws, and the error is reported', async () => {
    const head = createBranchHead()
    const seen: BranchUpdate[] = []
    const errors: unknown[] = []
    const reported = new Promise<void>((resolve) => {
      config.onUnhandledError = (error) => {
        if (errors.push(error) === 2) resolve()
      }
    })
    head.updates().subscribe(() => {
      throw new Error('bad subscriber')
    })
    head.updates().subscribe((update) => seen.push(update))
    head.set(one)
    head.set(two)
    expect(seen).toEqual([one, two])
    await reported
    expect(errors.map(String)).toEqual(['Error: bad subscriber', 'Error: bad subscriber'])
  })

  test('end for all, also for who comes after the end', () => {
    const head = createBranchHead()
    const events: string[] = []
    head.set(one)
    head.updates().subscribe({ complete: () => events.push('early') })
    head.complete()
    head.updates().subscribe({ next: () => events.push('next'), complete: () => events.push('late') })
    expect(events).toEqual(['early', 'late'])
  })
})
