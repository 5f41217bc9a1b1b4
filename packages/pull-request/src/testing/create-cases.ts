import { expect } from 'vitest'
import { failure, proposal } from './expect.ts'
import type { PullRequestHarness } from './harness.ts'

export const createCases = {
  async 'create/answers-number-url-state'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const result = await provider.createPullRequest(await proposal(harness))
    expect(result).toEqual({
      number: expect.any(Number),
      url: expect.stringMatching(/^[a-z]+:\/\//),
      state: 'open',
      action: 'created',
      ignored: [],
      warnings: [],
    })
    const { number, url } = result
    expect(await provider.get({ repository, number })).toMatchObject({ number, url, state: 'open' })
  },
  async 'create/keeps-every-supported-field'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, users, teams, milestones } = harness
    const { capabilities } = provider
    const labels = capabilities.labels ? harness.labels.slice(0, 2) : []
    const assignees = users.slice(0, capabilities.assignees)
    const reviewers = users.slice(0, capabilities.reviewers)
    const teamReviewers = capabilities.teamReviewers ? teams.slice(0, 2) : []
    const spec = await proposal(harness, {
      description: 'Why:\n\n- it is *faster*\n',
      labels,
      assignees,
      reviewers,
      teamReviewers,
      ...(capabilities.milestone && { milestone: milestones[0] }),
      ...(capabilities.draft && { draft: true }),
    })
    const { number, ignored } = await provider.createPullRequest(spec)
    expect(ignored).toEqual([])
    const found = await provider.get({ repository, number })
    expect(found).toMatchObject({
      title: spec.title,
      head: spec.head,
      base: spec.base,
      draft: capabilities.draft,
      autoMerge: false,
      headCommit: (await harness.branches())[spec.head],
    })
    expect(found.description.trim()).toBe(spec.description?.trim())
    expect(new Set(found.labels)).toEqual(new Set(labels))
    expect(new Set(found.assignees)).toEqual(new Set(assignees))
    expect(new Set(found.reviewers)).toEqual(new Set(reviewers))
    expect(new Set(found.teamReviewers)).toEqual(new Set(teamReviewers))
    expect(found.milestone).toBe(spec.milestone)
    expect(found.updatedAt).toBeGreaterThanOrEqual(found.createdAt)
  },
  async 'create/again-is-unchanged'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness, { description: 'Why.' })
    const first = await provider.createPullRequest(spec)
    expect(await provider.createPullRequest(spec)).toEqual({ ...first, action: 'unchanged' })
    expect((await provider.list({ repository, state: 'all' })).pullRequests).toHaveLength(1)
  },
  async 'create/other-text-is-updated'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness, { description: 'Why.' })
    const { number } = await provider.createPullRequest(spec)
    const again = await provider.createPullRequest({
      ...spec,
      title: 'Change two cars',
      description: 'Because.',
    })
    expect(again).toMatchObject({ number, action: 'updated', warnings: [] })
    const found = await provider.get({ repository, number })
    expect(found.title).toBe('Change two cars')
    expect(found.description.trim()).toBe('Because.')
  },
  async 'create/left-out-fields-stay'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest({ ...spec, description: 'Why.' })
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    expect((await provider.get({ repository, number })).description.trim()).toBe('Why.')
  },
  async 'create/text-of-others-stays'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness, { description: 'Why.' })
    const { number } = await provider.createPullRequest(spec)
    await provider.update({ repository, number }, { title: 'A better title' })
    const again = await provider.createPullRequest({
      ...spec,
      title: 'Change two cars',
      description: 'Because.',
    })
    expect(again.warnings).toMatchObject([{ code: 'KEPT', field: 'title' }])
    const found = await provider.get({ repository, number })
    expect(found.title).toBe('A better title')
    expect(found.description.trim()).toBe('Because.')
  },
  async 'create/labels-and-people-of-others-stay'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, labels, users } = harness
    const { capabilities } = provider
    const spec = await proposal(harness, {
      labels: capabilities.labels ? [labels[0]] : [],
      assignees: capabilities.assignees > 1 ? [users[0]] : [],
    })
    const { number } = await provider.createPullRequest(spec)
    const others = {
      labels: capabilities.labels ? [labels[1]] : [],
      assignees: capabilities.assignees > 1 ? [users[1]] : [],
    }
    await provider.update(
      { repository, number },
      { labels: { add: others.labels }, assignees: { add: others.assignees } },
    )
    await provider.createPullRequest({ ...spec, title: 'Change two cars' })
    const found = await provider.get({ repository, number })
    expect(new Set(found.labels)).toEqual(new Set([...(spec.labels ?? []), ...others.labels]))
    expect(new Set(found.assignees)).toEqual(new Set([...(spec.assignees ?? []), ...others.assignees]))
  },
  async 'create/new-commits-keep-the-pull-request'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    const tip = await harness.commit({ branch: spec.head, files: { 'cars/other.yaml': 'kind: Car\n' } })
    expect((await provider.createPullRequest(spec)).number).toBe(number)
    expect((await provider.get({ repository, number })).headCommit).toBe(tip)
  },
  async 'create/after-close-is-another'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { number } = await provider.createPullRequest(spec)
    await provider.close({ repository, number })
    const second = await provider.createPullRequest(spec)
    expect(second.action).toBe('created')
    expect(second.number).not.toBe(number)
  },
  async 'create/other-base-is-another'(harness: PullRequestHarness): Promise<void> {
    const { provider } = harness
    const spec = await proposal(harness)
    await harness.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    const first = await provider.createPullRequest(spec)
    const second = await provider.createPullRequest({ ...spec, base: 'stable' })
    expect(second.action).toBe('created')
    expect(second.number).not.toBe(first.number)
  },
  async 'create/branch-names-with-slash-and-signs'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    for (const head of ['feature/x', 'a#b', 'per%20cent', 'amp&q=1', 'naïve-ветка', "it's", 'plus+1']) {
      const spec = await proposal(harness, { head, files: { 'f.yaml': `${head}\n` } })
      const { number } = await provider.createPullRequest(spec)
      expect(await provider.get({ repository, number })).toMatchObject({ head, base })
      expect(await provider.find({ repository, head, base })).toMatchObject({ number })
    }
  },
  async 'create/text-of-any-kind'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const title = '"quotes" \\ <b>&amp;</b> $(id) `x` {{y}} %s -- 🚗 ünï'
    const description = '---\n```yaml\na: "\\u0000"\n```\n\n<!-- note -->\n# 🚗 {"json": [1]}\n\ttab'
    const spec = await proposal(harness, { title, description })
    const { number } = await provider.createPullRequest(spec)
    const found = await provider.get({ repository, number })
    expect(found.title).toBe(title)
    expect(found.description.trim()).toBe(description)
  },
  async 'create/at-once-is-one'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const results = await Promise.all([1, 2, 3].map(() => provider.createPullRequest(spec)))
    expect(new Set(results.map(({ number }) => number)).size).toBe(1)
    expect(results.filter(({ action }) => action === 'created')).toHaveLength(1)
    expect((await provider.list({ repository, state: 'all' })).pullRequests).toHaveLength(1)
  },
  async 'create/different-at-once-are-different'(harness: PullRequestHarness): Promise<void> {
    const { provider } = harness
    const specs = []
    for (const head of ['a', 'b', 'c', 'd'])
      specs.push(await proposal(harness, { head, files: { [head]: 'x\n' } }))
    const results = await Promise.all(specs.map((spec) => provider.createPullRequest(spec)))
    expect(new Set(results.map(({ number }) => number)).size).toBe(4)
  },
  async 'create/wrong-spec-is-VALIDATION'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const spec = await proposal(harness)
    const { base, head } = spec
    const wrong = [
      { title: '' },
      { title: ' \t' },
      { title: 'two\nlines' },
      { title: 'nul\0' },
      { head: base },
      { head: 'refs/heads/change' },
      { head: 'a..b' },
      { base: '' },
      { base: '-x' },
      { labels: [''] },
      { assignees: ['@bob'] },
      { description: '\ud800' },
    ]
    for (const fields of wrong) {
      const { details } = await failure(provider.createPullRequest({ ...spec, ...fields }), 'VALIDATION')
      expect(details.faults.map(({ field }) => field)).toEqual(Object.keys(fields))
    }
    expect(await provider.find({ repository, head, base })).toBeUndefined()
  },
  async 'create/too-long-is-VALIDATION'(harness: PullRequestHarness): Promise<void> {
    const { provider } = harness
    const { titleLimit, descriptionLimit } = provider.capabilities
    const spec = await proposal(harness)
    const longest = (limit: number): number => Math.min(limit, 60)
    // A character beyond the basic plane is one character, whatever its length in UTF-16. (Some hosts count that, and
    // refuse a text of such characters sooner.)
    await provider.createPullRequest({ ...spec, title: '🚗'.repeat(longest(titleLimit)) })
    if (titleLimit < Infinity) {
      await failure(provider.createPullRequest({ ...spec, title: 'x'.repeat(titleLimit + 1) }), 'VALIDATION')
    }
    if (descriptionLimit < Infinity) {
      const description = 'x'.repeat(descriptionLimit + 1)
      await failure(provider.createPullRequest({ ...spec, description }), 'VALIDATION')
    }
  },
  async 'create/missing-head-is-BRANCH_NOT_FOUND'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    const call = provider.createPullRequest({ repository, head: 'absent', base, title: 'x' })
    expect((await failure(call, 'BRANCH_NOT_FOUND')).details.branch).toBe('absent')
  },
  async 'create/missing-base-is-BRANCH_NOT_FOUND'(harness: PullRequestHarness): Promise<void> {
    const { provider } = harness
    const spec = await proposal(harness, { base: 'absent' })
    expect((await failure(provider.createPullRequest(spec), 'BRANCH_NOT_FOUND')).details.branch).toBe(
      'absent',
    )
  },
  async 'create/nothing-between-is-NO_CHANGES'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, base } = harness
    const spec = await proposal(harness)
    await harness.commit({ branch: 'later', from: spec.head, files: { 'later.yaml': 'x\n' } })
    const call = provider.createPullRequest({ repository, head: spec.head, base: 'later', title: 'x' })
    expect((await failure(call, 'NO_CHANGES')).details).toMatchObject({ head: spec.head, base: 'later' })
    expect((await provider.list({ repository, state: 'all' })).pullRequests).toEqual([])
    expect((await harness.branches())[base]).toBeDefined()
  },
  async 'create/unsupported-is-ignored-and-told'(harness: PullRequestHarness): Promise<void> {
    const { spec, missing } = await everything(harness)
    const { action, ignored } = await harness.provider.createPullRequest(spec)
    expect(action).toBe('created')
    expect(new Set(ignored.map(({ field }) => field))).toEqual(missing)
  },
  async 'create/strict-refuses-before-it-creates'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository } = harness
    const { spec, missing } = await everything(harness)
    const call = provider.createPullRequest({ ...spec, strict: true })
    if (missing.size === 0) return expect((await call).ignored).toEqual([])
    expect(new Set((await failure(call, 'UNSUPPORTED')).details.features)).toEqual(missing)
    expect((await provider.list({ repository, state: 'all' })).pullRequests).toEqual([])
  },
  async 'create/unknown-names-are-refused-before-it-creates'(harness: PullRequestHarness): Promise<void> {
    const { provider, repository, unknown } = harness
    const spec = await proposal(harness)
    if (unknown.user !== undefined) {
      const call = provider.createPullRequest({ ...spec, assignees: [unknown.user] })
      expect((await failure(call, 'UNKNOWN_USER')).details.users).toEqual([unknown.user])
    }
    if (unknown.milestone !== undefined) {
      const call = provider.createPullRequest({ ...spec, milestone: unknown.milestone })
      expect((await failure(call, 'UNKNOWN_MILESTONE')).details.milestone).toBe(unknown.milestone)
    }
    expect((await provider.list({ repository, state: 'all' })).pullRequests).toEqual([])
  },
}

/** A spec with every field, and the fields that the provider lacks. */
async function everything(harness: PullRequestHarness) {
  const { capabilities } = harness.provider
  const spec = await proposal(harness, {
    labels: [harness.labels[0]],
    assignees: [...harness.users],
    reviewers: [...harness.users],
    teamReviewers: [harness.teams[0] ?? 'some-team'],
    milestone: harness.milestones[0],
    draft: true,
    // Hosts that have both do not merge drafts, and so promise it for none.
    autoMerge: !(capabilities.draft && capabilities.autoMerge),
  })
  const can = {
    labels: capabilities.labels !== false,
    assignees: capabilities.assignees >= harness.users.length,
    reviewers: capabilities.reviewers >= harness.users.length,
    teamReviewers: capabilities.teamReviewers,
    milestone: capabilities.milestone,
    draft: capabilities.draft,
    autoMerge: capabilities.autoMerge || spec.autoMerge === false,
  }
  return { spec, missing: new Set(Object.entries(can).flatMap(([field, has]) => (has ? [] : [field]))) }
}
