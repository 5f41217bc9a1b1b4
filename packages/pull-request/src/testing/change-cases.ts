import { expect } from 'vitest'
import { failure, proposal } from './expect.ts'
import type { PullRequestHarness } from './harness.ts'

export const changeCases = {
  async 'update/text-and-base'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    await harness.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    const { number, url } = await provider.createPullRequest(await proposal(harness))
    const changes = { title: 'Other', description: 'Text.', base: 'stable' }
    expect(await provider.update({ repository, number }, changes)).toEqual({
      number,
      url,
      state: 'open',
      action: 'updated',
      ignored: [],
      warnings: [],
    })
    const found = await provider.get({ repository, number })
    expect(found).toMatchObject({ title: 'Other', base: 'stable' })
    expect(found.description.trim()).toBe('Text.')
    expect((await provider.update({ repository, number }, changes)).action).toBe('unchanged')
  },
  async 'update/lists-and-milestone'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, labels, users, milestones } = harness
    const { capabilities } = provider
    const can = { labels: Boolean(capabilities.labels), assignees: capabilities.assignees > 1 }
    const { number } = await provider.createPullRequest(
      await proposal(harness, {
        ...(can.labels && { labels: [labels[0], labels[1]] }),
        ...(can.assignees && { assignees: [users[0]] }),
        ...(capabilities.milestone && { milestone: milestones[0] }),
      }),
    )
    await provider.update(
      { repository, number },
      {
        ...(can.labels && { labels: { add: [labels[2]], remove: [labels[0]] } }),
        ...(can.assignees && { assignees: { add: [users[1]], remove: [users[0], users[2]] } }),
        ...(capabilities.milestone && { milestone: milestones[1] }),
      },
    )
    const found = await provider.get({ repository, number })
    expect(new Set(found.labels)).toEqual(new Set(can.labels ? [labels[1], labels[2]] : []))
    expect(found.assignees).toEqual(can.assignees ? [users[1]] : [])
    expect(found.milestone).toBe(capabilities.milestone ? milestones[1] : undefined)
    await provider.update({ repository, number }, { milestone: null })
    expect((await provider.get({ repository, number })).milestone).toBeUndefined()
  },
  async 'update/draft'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { number } = await provider.createPullRequest(await proposal(harness))
    const { ignored } = await provider.update({ repository, number }, { draft: true })
    expect(ignored.map(({ field }) => field)).toEqual(provider.capabilities.draft ? [] : ['draft'])
    expect(await provider.get({ repository, number })).toMatchObject({
      draft: provider.capabilities.draft,
      title: 'Change a car',
    })
    await provider.update({ repository, number }, { draft: false })
    expect((await provider.get({ repository, number })).draft).toBe(false)
  },
  async 'update/missing-is-NOT_FOUND'({ provider, repository }: PullRequestHarness): Promise<void> {
    await failure(provider.update({ repository, number: 987_654 }, { title: 'x' }), 'NOT_FOUND')
  },
  async 'update/base-with-another-open-is-ALREADY_EXISTS'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    await harness.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    const spec = await proposal(harness)
    const first = await provider.createPullRequest(spec)
    const second = await provider.createPullRequest({ ...spec, base: 'stable' })
    const call = provider.update({ repository, number: second.number }, { base: spec.base })
    expect((await failure(call, 'ALREADY_EXISTS')).details.number).toBe(first.number)
  },
  async 'close/once-and-again'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.close({ repository, number })).toMatchObject({
      number,
      state: 'closed',
      action: 'updated',
    })
    expect(await provider.close({ repository, number })).toMatchObject({
      state: 'closed',
      action: 'unchanged',
    })
    expect((await provider.get({ repository, number })).state).toBe('closed')
    expect((await harness.branches())[spec.head]).toBeDefined()
  },
  async 'close/merged-is-CONFLICT'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { number } = await provider.createPullRequest(await proposal(harness))
    await provider.merge({ repository, number })
    expect((await failure(provider.close({ repository, number }), 'CONFLICT')).details.state).toBe('merged')
  },
  async 'reopen/closed'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    await provider.close({ repository, number })
    const call = provider.reopen({ repository, number })
    if (!provider.capabilities.reopen) return void (await failure(call, 'UNSUPPORTED'))
    expect(await call).toMatchObject({ number, state: 'open', action: 'updated' })
    expect(await provider.find(spec)).toMatchObject({ number })
    expect((await provider.reopen({ repository, number })).action).toBe('unchanged')
  },
  async 'reopen/refused-where-it-cannot'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    if (!provider.capabilities.reopen) return
    const spec = await proposal(harness)
    const first = await provider.createPullRequest(spec)
    await provider.close({ repository, number: first.number })
    const second = await provider.createPullRequest(spec)
    const doubled = await failure(provider.reopen({ repository, number: first.number }), 'ALREADY_EXISTS')
    expect(doubled.details.number).toBe(second.number)
    await provider.merge({ repository, number: second.number })
    await failure(provider.reopen({ repository, number: second.number }), 'CONFLICT')
    await harness.deleteBranch(spec.head)
    await failure(provider.reopen({ repository, number: first.number }), 'BRANCH_NOT_FOUND')
  },
  async 'comment/added-in-order'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { number } = await provider.createPullRequest(await proposal(harness))
    const locator = { repository, number }
    if (!provider.capabilities.comments) {
      await failure(provider.comments(locator), 'UNSUPPORTED')
      return void (await failure(provider.comment(locator, { body: 'x' }), 'UNSUPPORTED'))
    }
    expect(await provider.comments(locator)).toEqual([])
    const first = await provider.comment(locator, { body: 'One, with **marks** 🚗' })
    await provider.close(locator)
    const second = await provider.comment(locator, { body: 'One, with **marks** 🚗' })
    expect([first.action, second.action]).toEqual(['created', 'created'])
    expect(await provider.comments(locator)).toMatchObject([
      { id: first.id, body: 'One, with **marks** 🚗' },
      { id: second.id, body: 'One, with **marks** 🚗' },
    ])
    await failure(provider.comment(locator, { body: ' ' }), 'VALIDATION')
  },
  async 'comment/one-a-topic'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    if (!provider.capabilities.comments) return
    const { number } = await provider.createPullRequest(await proposal(harness))
    const locator = { repository, number }
    const { id } = await provider.comment(locator, { body: 'Running', topic: 'plan' })
    await provider.comment(locator, { body: 'Other', topic: 'cost' })
    expect(await provider.comment(locator, { body: 'Done', topic: 'plan' })).toMatchObject({
      id,
      action: 'updated',
    })
    expect(await provider.comment(locator, { body: 'Done', topic: 'plan' })).toMatchObject({
      id,
      action: 'unchanged',
    })
    const bodies = (await provider.comments(locator)).map(({ body, topic }) => [body, topic])
    expect(bodies).toEqual([
      ['Done', 'plan'],
      ['Other', 'cost'],
    ])
  },
}
