import { expect } from 'vitest'
import type { MergeMethod } from '../merge.ts'
import { mergeMethods } from '../prepare-spec.ts'
import type { PullRequestSpec } from '../spec.ts'
import { failure, proposal } from './expect.ts'
import type { PullRequestHarness } from './harness.ts'

export const mergeCases = {
  async 'merge/merge'(harness: PullRequestHarness): Promise<void> {
    await mergesBy(harness, 'merge')
  },
  async 'merge/squash'(harness: PullRequestHarness): Promise<void> {
    await mergesBy(harness, 'squash')
  },
  async 'merge/rebase'(harness: PullRequestHarness): Promise<void> {
    await mergesBy(harness, 'rebase')
  },
  async 'merge/fast-forward'(harness: PullRequestHarness): Promise<void> {
    await mergesBy(harness, 'fast-forward')
  },
  async 'merge/fast-forward-behind-is-NOT_MERGEABLE'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    if (!provider.capabilities.mergeMethods.includes('fast-forward')) return
    const { number } = await provider.createPullRequest(await proposal(harness))
    await harness.commit({ branch: base, files: { other: 'x\n' } })
    const call = provider.merge({ repository, number }, { method: 'fast-forward' })
    expect((await failure(call, 'NOT_MERGEABLE')).details.blockers).toMatchObject([{ reason: 'behind' }])
  },
  async 'merge/again-answers-the-same'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    const first = await provider.merge({ repository, number })
    const branches = await harness.branches()
    expect(await provider.merge({ repository, number })).toEqual(first)
    expect(await harness.branches()).toEqual(branches)
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect((await harness.branches())[spec.head]).toBeUndefined()
  },
  async 'merge/deletes-the-head-branch'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    const { headCommit } = await provider.get({ repository, number })
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect((await harness.branches())[spec.head]).toBeUndefined()
    expect(await provider.get({ repository, number })).toMatchObject({ state: 'merged', headCommit })
  },
  async 'merge/keeps-the-head-branch'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    const before = (await harness.branches())[spec.head]
    await provider.merge({ repository, number })
    expect((await harness.branches())[spec.head]).toBe(before)
  },
  async 'merge/later-commits-keep-the-head-branch'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    await provider.merge({ repository, number })
    const later = await harness.commit({ branch: spec.head, files: { 'cars/later.yaml': 'kind: Car\n' } })
    const call = provider.merge({ repository, number }, { deleteBranch: true })
    expect((await failure(call, 'INCOMPLETE')).details).toMatchObject({
      failed: 'deleteBranch',
      pullRequest: { number, state: 'merged' },
    })
    expect((await harness.branches())[spec.head]).toBe(later)
  },
  async 'merge/other-head-is-CONFLICT'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    const { headCommit: expectedHead } = await provider.get({ repository, number })
    const actualHead = await harness.commit({ branch: spec.head, files: { more: 'x\n' } })
    const before = (await harness.branches())[base]
    const call = provider.merge({ repository, number }, { expectedHead })
    expect((await failure(call, 'CONFLICT')).details).toMatchObject({ number, expectedHead, actualHead })
    expect((await harness.branches())[base]).toBe(before)
    expect(await provider.merge({ repository, number }, { expectedHead: actualHead })).toMatchObject({
      outcome: 'merged',
    })
  },
  async 'merge/conflict-is-NOT_MERGEABLE'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    const spec = await conflicting(harness)
    const { number } = await provider.createPullRequest(spec)
    const before = (await harness.branches())[base]
    const { details } = await failure(provider.merge({ repository, number }), 'NOT_MERGEABLE')
    expect(details).toMatchObject({ number, blockers: [{ reason: 'conflicts' }] })
    expect((await harness.branches())[base]).toBe(before)
    expect((await provider.get({ repository, number })).state).toBe('open')
  },
  async 'merge/closed-is-NOT_MERGEABLE'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { number } = await provider.createPullRequest(await proposal(harness))
    await provider.close({ repository, number })
    const { details } = await failure(provider.merge({ repository, number }), 'NOT_MERGEABLE')
    expect(details.blockers).toMatchObject([{ reason: 'closed' }])
  },
  async 'merge/draft-is-NOT_MERGEABLE'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    if (!provider.capabilities.draft) return
    const { number } = await provider.createPullRequest(await proposal(harness, { draft: true }))
    const { details } = await failure(provider.merge({ repository, number }), 'NOT_MERGEABLE')
    expect(details.blockers).toMatchObject([{ reason: 'draft' }])
    await provider.update({ repository, number }, { draft: false })
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
  },
  async 'merge/missing-is-NOT_FOUND'({ provider, repository }: PullRequestHarness): Promise<void> {
    await failure(provider.merge({ repository, number: 987_654 }), 'NOT_FOUND')
  },
  async 'merge/wait-for-checks-or-UNSUPPORTED'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { number } = await provider.createPullRequest(await proposal(harness))
    const call = provider.merge({ repository, number }, { whenChecksPass: true })
    if (!provider.capabilities.autoMerge) return void (await failure(call, 'UNSUPPORTED'))
    // Nothing to wait for: a host may merge at once.
    expect(['merged', 'scheduled']).toContain((await call).outcome)
  },
  async 'mergeability/mergeable'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    const { number } = await provider.createPullRequest(await proposal(harness))
    await harness.commit({ branch: base, files: { other: 'x\n' } })
    expect(['mergeable', 'unknown']).toContain((await provider.mergeability({ repository, number })).status)
  },
  async 'mergeability/conflicts'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { number } = await provider.createPullRequest(await conflicting(harness))
    const answer = await provider.mergeability({ repository, number })
    if (answer.status === 'unknown') return
    expect(answer).toMatchObject({ status: 'blocked', blockers: [{ reason: 'conflicts' }] })
  },
}

async function mergesBy(harness: PullRequestHarness, method: MergeMethod): Promise<void> {
  const { provider, repository, base } = harness
  expect(mergeMethods).toContain(method)
  const spec = await proposal(harness, { files: { 'one.yaml': 'x: 1\n' } })
  const head = await harness.commit({ branch: spec.head, files: { 'two.yaml': 'x: 2\n' } })
  const { number } = await provider.createPullRequest(spec)
  if (!provider.capabilities.mergeMethods.includes(method)) {
    return void (await failure(provider.merge({ repository, number }, { method }), 'UNSUPPORTED'))
  }
  if (method !== 'fast-forward') await harness.commit({ branch: base, files: { 'three.yaml': 'x: 3\n' } })
  const result = await provider.merge({ repository, number }, { method, expectedHead: head })
  expect(result.outcome).toBe('merged')
  expect(await harness.readFile(base, 'one.yaml')).toBe('x: 1\n')
  expect(await harness.readFile(base, 'two.yaml')).toBe('x: 2\n')
  if (method !== 'fast-forward') expect(await harness.readFile(base, 'three.yaml')).toBe('x: 3\n')
  if (method === 'fast-forward') expect((await harness.branches())[base]).toBe(head)
  expect(await provider.get({ repository, number })).toMatchObject({
    number,
    state: 'merged',
    headCommit: head,
  })
  expect(await provider.find(spec)).toBeUndefined()
}

/** A proposal for a file that the base has changed otherwise by now. */
async function conflicting(harness: PullRequestHarness): Promise<PullRequestSpec> {
  const { base } = harness
  await harness.commit({ branch: base, files: { 'same.yaml': 'x: 1\n' } })
  const spec = await proposal(harness, { files: { 'same.yaml': 'x: 2\n' } })
  await harness.commit({ branch: base, files: { 'same.yaml': 'x: 3\n' } })
  return spec
}
