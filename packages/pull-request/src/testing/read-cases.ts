import { expect } from 'vitest'
import { failure, proposal } from './expect.ts'
import type { PullRequestHarness } from './harness.ts'

export const readCases = {
  async 'get/missing-is-NOT_FOUND'({ provider, repository }: PullRequestHarness): Promise<void> {
    const { details } = await failure(provider.get({ repository, number: 987_654 }), 'NOT_FOUND')
    expect(details.number).toBe(987_654)
  },
  async 'get/wrong-number-is-VALIDATION'({ provider, repository }: PullRequestHarness): Promise<void> {
    for (const number of [0, -1, 1.5, Number.NaN])
      await failure(provider.get({ repository, number }), 'VALIDATION')
  },
  async 'find/only-the-open-one'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    const spec = await proposal(harness)
    expect(await provider.find(spec)).toBeUndefined()
    const first = await provider.createPullRequest(spec)
    await provider.close({ repository, number: first.number })
    expect(await provider.find(spec)).toBeUndefined()
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.find({ repository, head: spec.head, base })).toMatchObject({
      number,
      head: spec.head,
    })
    await harness.commit({ branch: 'other-base', files: { x: 'x\n' } })
    expect(await provider.find({ ...spec, base: 'other-base' })).toBeUndefined()
  },
  async 'list/by-state'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const numbers: number[] = []
    for (const head of ['a', 'b', 'c']) {
      const spec = await proposal(harness, { head, files: { [head]: 'x\n' } })
      numbers.push((await provider.createPullRequest(spec)).number)
    }
    const [open = 0, closed = 0, merged = 0] = numbers
    await provider.close({ repository, number: closed })
    await provider.merge({ repository, number: merged })
    const listed = async (state?: 'open' | 'closed' | 'merged' | 'all'): Promise<readonly number[]> => {
      const { pullRequests, unreadable } = await provider.list({ repository, state })
      expect(unreadable).toEqual([])
      if (state !== undefined && state !== 'all') {
        expect(pullRequests.every((pullRequest) => pullRequest.state === state)).toBe(true)
      }
      return pullRequests.map(({ number }) => number)
    }
    expect(await listed()).toEqual([open])
    expect(await listed('open')).toEqual([open])
    expect(await listed('closed')).toEqual([closed])
    expect(await listed('merged')).toEqual([merged])
    expect(await listed('all')).toEqual([merged, closed, open])
  },
  async 'list/by-head-and-base'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    await harness.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    for (const head of ['a', 'ab']) {
      await provider.createPullRequest(await proposal(harness, { head, files: { [head]: 'x\n' } }))
    }
    await provider.createPullRequest({ repository, head: 'a', base: 'stable', title: 'x' })
    const pairs = async (query: { head?: string; base?: string }): Promise<readonly string[]> => {
      const { pullRequests } = await provider.list({ repository, ...query })
      return pullRequests.map((found) => `${found.head} to ${found.base}`)
    }
    expect(await pairs({ head: 'a' })).toEqual(['a to stable', `a to ${base}`])
    expect(await pairs({ base })).toEqual([`ab to ${base}`, `a to ${base}`])
    expect(await pairs({ head: 'absent' })).toEqual([])
  },
  async 'list/is-complete-or-limited'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, pageSize } = harness
    const numbers: number[] = []
    for (let index = 0; index <= pageSize; index++) {
      const spec = await proposal(harness, { head: `head-${index}`, files: { [`f${index}`]: 'x\n' } })
      numbers.unshift((await provider.createPullRequest(spec)).number)
    }
    const { pullRequests } = await provider.list({ repository })
    expect(pullRequests.map(({ number }) => number)).toEqual(numbers)
    const limited = await provider.list({ repository, limit: 2 })
    expect(limited.pullRequests.map(({ number }) => number)).toEqual(numbers.slice(0, 2))
  },
  async 'diff/whole-change'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    await harness.commit({ branch: base, files: { 'a.yaml': 'x: 1\ny: 2\n', 'gone.yaml': 'z: 1\n' } })
    const head = await harness.commit({
      branch: 'change',
      files: { 'a.yaml': 'x: 1\ny: 3\n', 'gone.yaml': null },
    })
    // What happens on the base later is no part of the change.
    await harness.commit({ branch: base, files: { 'later.yaml': 'w: 1\n' } })
    const to = await harness.commit({ branch: 'change', files: { 'sub/new.yaml': 'n: 1' } })
    const { number } = await provider.createPullRequest({ repository, head: 'change', base, title: 'x' })
    const call = provider.diff({ repository, number })
    if (!provider.capabilities.diff) return void (await failure(call, 'UNSUPPORTED'))
    const diff = await call
    expect(diff).toMatchObject({ to, truncated: false })
    expect(head).not.toBe(to)
    expect(diff.files.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'modified a.yaml',
      'deleted gone.yaml',
      'added sub/new.yaml',
    ])
    const [modified, deleted, added] = diff.files
    expect(modified?.patch).toContain('\n-y: 2\n+y: 3\n')
    expect(deleted?.patch).toContain('\n-z: 1\n')
    expect(added?.patch).toContain('\n+n: 1\n\\ No newline at end of file\n')
    if (provider.capabilities.diff !== 'text') return
    expect(modified).toMatchObject({ before: 'x: 1\ny: 2\n', after: 'x: 1\ny: 3\n' })
    expect([deleted?.before, deleted?.after, added?.before, added?.after]).toEqual([
      'z: 1\n',
      undefined,
      undefined,
      'n: 1',
    ])
  },
  async 'checks/none-or-UNSUPPORTED'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { number } = await provider.createPullRequest(await proposal(harness))
    const call = provider.checks({ repository, number })
    if (!provider.capabilities.checks) return void (await failure(call, 'UNSUPPORTED'))
    expect(await call).toMatchObject({ state: 'none', checks: [] })
  },
  async 'abort/rejects-with-the-reason'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    const locator = { repository, number }
    const before = await provider.get(locator)
    const reason = new Error('enough')
    const options = { signal: AbortSignal.abort(reason) }
    const calls = [
      provider.createPullRequest({ ...spec, title: 'other' }, options),
      provider.find(spec, options),
      provider.list({ repository }, options),
      provider.get(locator, options),
      provider.update(locator, { title: 'other' }, options),
      provider.close(locator, options),
      provider.merge(locator, {}, options),
      provider.mergeability(locator, options),
      ...(provider.capabilities.comments ? [provider.comment(locator, { body: 'x' }, options)] : []),
      ...(provider.capabilities.diff ? [provider.diff(locator, options)] : []),
    ]
    for (const result of await Promise.allSettled(calls))
      expect(result).toEqual({ status: 'rejected', reason })
    expect(await provider.get(locator)).toEqual(before)
  },
}
