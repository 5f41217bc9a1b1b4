import { pullRequestErrors, type MergeBlocker } from '@lg/pull-request'
import { isLgError } from '@lg/runtime'
import { createSkippingClock } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, gitea123, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const blockers = async (call: Promise<unknown>): Promise<readonly MergeBlocker['reason'][]> => {
  const error = await call.catch((thrown: unknown) => thrown)
  if (!pullRequestErrors.is(error, 'NOT_MERGEABLE')) throw error
  return error.details.blockers.map(({ reason }) => reason)
}
const mergesSent = (): readonly unknown[] =>
  world.host.requests.entries
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/merge'))
    .map(({ body }) => body)

describe('a merge', () => {
  it("takes the repository's own method, then any that it allows, unless one is named", async () => {
    const { cars, provider, repository, host } = world
    cars.settings.mergeMethods = ['squash', 'merge']
    const first = await provider.createPullRequest(await world.propose({ head: 'a' }))
    expect(await provider.merge({ repository, number: first.number })).toMatchObject({ outcome: 'merged' })
    expect(mergesSent()).toEqual([{ Do: 'squash' }])
    const second = await provider.createPullRequest(await world.propose({ head: 'b' }))
    const locator = { repository, number: second.number }
    expect(await blockers(provider.merge(locator, { method: 'rebase' }))).toEqual(['method'])
    const body = { message: 'squash is not allowed an allowed merge style for this repository' }
    host.addFault({ type: 'status', status: 405, body }, { times: 1, on: { path: /merge$/ } })
    expect(await provider.merge(locator)).toMatchObject({ outcome: 'merged' })
  })

  it('right after the creation waits until Gitea has looked for conflicts', async () => {
    const { cars, providerWith, repository } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const { number } = await provider.createPullRequest(await world.propose())
    cars.settings.mergeabilityUnknown = 3
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
    // The first of the three was the look at the pull request.
    expect(clock.waits).toEqual([500, 1000])
  })

  it('names what Gitea says is missing', async () => {
    const { cars, provider, repository, host } = world
    cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['checks'])
    for (const [message, reason] of [
      ['not ready to merge: Does not have enough approvals', 'approvals'],
      ['not ready to merge: There are requested changes', 'approvals'],
      ['not ready to merge: The head branch is behind the base branch', 'behind'],
      ['not ready to merge: Changed protected files', 'protected'],
      ['User not allowed to merge PR', 'protected'],
      ['', 'protected'],
    ] as const) {
      const fault = { type: 'status', status: 405, body: { message } } as const
      host.addFault(fault, { times: 1, on: { method: 'POST', path: /merge$/ } })
      expect(await blockers(provider.merge({ repository, number }))).toEqual([reason])
    }
  })

  it('with a conflict that shows only in the merge, or that is found out late, says so', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const body = { Style: 'rebase', StdOut: 'CONFLICT', StdErr: '', Err: {} }
    const on = { method: 'POST', path: /merge$/ }
    host.addFault({ type: 'status', status: 409, body }, { times: 1, on })
    expect(await blockers(provider.merge({ repository, number }, { method: 'rebase' }))).toEqual([
      'conflicts',
    ])
    host.addFault(
      { type: 'status', status: 409, body: { message: 'merge push out of date' } },
      { times: 1, on },
    )
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
    cars.settings.mergeabilityUnknown = 2
    const other = await provider.createPullRequest(await world.propose({ head: 'b' }))
    expect(await provider.mergeability({ repository, number: other.number })).toMatchObject({
      status: 'mergeable',
    })
  })

  it('of one that was closed in between is NOT_MERGEABLE, not NOT_FOUND', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const close = async (): Promise<void> => {
      const [pull] = cars.state.pulls
      if (pull !== undefined) pull.state = 'closed'
    }
    host.addFault({ type: 'intercept', run: close }, { times: 1, on: { method: 'POST', path: /merge$/ } })
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['closed'])
  })

  it('of a head that moved in between is CONFLICT', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const { headCommit: expectedHead } = await provider.get({ repository, number })
    const move = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'change', files: { late: 'x' } }))
    host.addFault({ type: 'intercept', run: move }, { times: 1, on: { method: 'POST', path: /merge$/ } })
    const error = await provider
      .merge({ repository, number }, { expectedHead })
      .catch((thrown: unknown) => thrown)
    expect(pullRequestErrors.is(error, 'CONFLICT') && error.details).toMatchObject({ number, expectedHead })
    expect(cars.state.pulls[0]?.state).toBe('open')
  })

  it('that somebody else was faster with has happened', async () => {
    const { provider, providerWith, repository, host, cars } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const first = async (): Promise<void> => void (await providerWith({}).merge({ repository, number }))
    host.addFault({ type: 'intercept', run: first }, { times: 1, on: { method: 'POST', path: /merge$/ } })
    const result = await provider.merge({ repository, number })
    expect(mergesSent()).toHaveLength(2)
    expect(result).toEqual({ outcome: 'merged', commit: (await cars.git.branches())['main'] })
  })

  it('is scheduled while checks are missing, and not twice', async () => {
    const { cars, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    const request = { whenChecksPass: true, method: 'squash', deleteBranch: true } as const
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    const later = { merge_when_checks_succeed: true, delete_branch_after_merge: true }
    expect(mergesSent().slice(0, 2)).toEqual([{ Do: 'squash' }, { Do: 'squash', ...later }])
    expect(cars.state.pulls[0]?.autoMerge).toBe('squash')
  })

  it('that waits for approvals is scheduled by old versions too, in their words', async () => {
    await world.close()
    world = await createWorld({}, gitea123)
    const { provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const on = { method: 'POST', path: /merge$/ }
    const words = 'not allowed to merge [reason: Does not have enough approvals]'
    host.addFault({ type: 'status', status: 405, body: { message: words } }, { times: 1, on })
    expect(await provider.merge({ repository, number }, { whenChecksPass: true })).toEqual({
      outcome: 'scheduled',
    })
    const other = await provider.createPullRequest(await world.propose({ head: 'b' }))
    const refused = { message: 'not allowed to merge [reason: ]' }
    host.addFault({ type: 'status', status: 405, body: refused }, { times: 1, on })
    const call = provider.merge({ repository, number: other.number }, { whenChecksPass: true })
    expect(await blockers(call)).toEqual(['protected'])
  })

  it('that is to delete the branch later is UNSUPPORTED by old versions', async () => {
    await world.close()
    world = await createWorld({}, gitea123)
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const request = { whenChecksPass: true, deleteBranch: true }
    cars.settings.requiredChecks = ['ci']
    const call = provider.merge({ repository, number }, request)
    expect(isLgError(await call.catch((thrown: unknown) => thrown), 'UNSUPPORTED')).toBe(true)
    expect(cars.state.pulls[0]).toMatchObject({ state: 'open', autoMerge: undefined })
    cars.settings.requiredChecks = []
    expect(await provider.merge({ repository, number }, request)).toMatchObject({ outcome: 'merged' })
    expect((await cars.git.branches())['change']).toBeUndefined()
  })

  it('by fast-forward, as the repository has it, is made otherwise when the head is behind', async () => {
    const { cars, provider, repository } = world
    cars.settings.mergeMethods = ['fast-forward', 'rebase']
    const { number } = await provider.createPullRequest(await world.propose())
    await cars.git.commit({ branch: 'main', files: { later: 'x' } })
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
    expect(mergesSent()).toEqual([{ Do: 'merge' }, { Do: 'squash' }, { Do: 'rebase' }])
  })

  it('leaves a head branch with newer commits, and says so', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    await provider.merge({ repository, number })
    await cars.git.commit({ branch: 'change', files: { late: 'x' } })
    const error = await provider
      .merge({ repository, number }, { deleteBranch: true })
      .catch((thrown: unknown) => thrown)
    expect(pullRequestErrors.is(error, 'INCOMPLETE') && error.details).toMatchObject({
      failed: 'deleteBranch',
      pullRequest: { number, state: 'merged' },
    })
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('that deletes the branch leaves its name and commit', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose({ head: 'feature/x' }))
    const headCommit = (await cars.git.branches())['feature/x']
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect(await provider.get({ repository, number })).toMatchObject({ head: 'feature/x', headCommit })
    const { pullRequests } = await provider.list({ repository, state: 'merged', head: 'feature/x' })
    expect(pullRequests).toMatchObject([{ number }])
    expect(await provider.merge({ repository, number }, { deleteBranch: true })).toMatchObject({
      outcome: 'merged',
    })
  })

  it('takes title and message', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    await provider.merge({ repository, number }, { method: 'squash', title: 'Faster', message: 'Because.' })
    expect(await cars.git.git(['log', '-1', '--format=%B', 'main'])).toContain('Faster\n\nBecause.')
  })
})

describe('mergeability', () => {
  it('counts what the rules of the base branch want, as far as they are shown', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const commit = (await cars.git.branches())['change'] ?? ''
    const reasons = async (): Promise<readonly string[]> => {
      const answer = await provider.mergeability({ repository, number })
      return answer.status === 'blocked' ? answer.blockers.map(({ reason }) => reason) : [answer.status]
    }
    cars.settings.requiredChecks = ['ci/*', 'lint']
    cars.settings.push = false
    expect(await reasons()).toEqual(['protected', 'checks'])
    cars.settings.push = true
    cars.state.checks.push({ commit, name: 'lint', kind: 'status', state: 'success' })
    cars.state.checks.push({ commit, name: 'ci/unit', kind: 'status', state: 'success' })
    cars.state.checks.push({ commit, name: 'ci/slow', kind: 'status', state: 'pending' })
    expect(await reasons()).toEqual(['checks'])
    cars.state.checks.push({ commit, name: 'ci/slow', kind: 'status', state: 'success' })
    expect(await reasons()).toEqual(['mergeable'])

    const body = { name: 'main', commit: { id: commit }, required_approvals: 2 }
    host.addFault({ type: 'status', status: 200, body }, { on: { path: /branches\/main$/ } })
    const review = (login: string, state: string, more = {}): unknown => {
      return { id: 1, user: { login }, state, official: true, dismissed: false, ...more }
    }
    const reviews = [
      review('alice', 'APPROVED'),
      review('bob', 'APPROVED'),
      review('bob', 'REQUEST_CHANGES'),
      review('bob', 'COMMENT'),
      review('carol', 'APPROVED', { dismissed: true }),
      review('dave', 'APPROVED', { official: false }),
    ]
    const headers = { 'x-total-count': String(reviews.length) }
    const answer = { type: 'status', status: 200, body: reviews, headers } as const
    host.addFault(answer, { times: 1, on: { path: /reviews$/ } })
    expect(await provider.mergeability({ repository, number })).toMatchObject({
      blockers: [{ reason: 'approvals', message: '1 of 2 approvals are given' }],
    })
    reviews.push(review('bob', 'APPROVED'))
    host.addFault({ ...answer, headers: {} }, { times: 1, on: { path: /reviews$/ } })
    host.addFault({ type: 'status', status: 200, body: [] }, { times: 1, on: { path: /reviews$/ } })
    expect(await reasons()).toEqual(['mergeable'])
  })
})

describe('a closed pull request', () => {
  it('is opened again only with its branch, and alone: Gitea itself would not look', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    await provider.close({ repository, number })
    await cars.git.deleteBranch('change')
    const error = await provider.reopen({ repository, number }).catch((thrown: unknown) => thrown)
    expect(isLgError(error, 'BRANCH_NOT_FOUND')).toBe(true)
    expect(cars.state.pulls[0]?.state).toBe('closed')
  })

  it('that is merged in between is CONFLICT', async () => {
    const { cars, host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const merge = async (): Promise<void> => {
      const [pull] = cars.state.pulls
      if (pull !== undefined) pull.state = 'merged'
    }
    host.addFault({ type: 'intercept', run: merge }, { times: 1, on: { method: 'PATCH' } })
    const error = await provider.close({ repository, number }).catch((thrown: unknown) => thrown)
    expect(isLgError(error, 'CONFLICT')).toBe(true)
  })
})

describe('checks', () => {
  it('are the last of each name, and the worst counts', async () => {
    const { cars, provider, repository } = world
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    const commit = (await cars.git.branches())[spec.head] ?? ''
    for (let index = 0; index < 120; index++) {
      cars.state.checks.push({ commit, name: `status-${index}`, kind: 'status', state: 'pending' })
    }
    for (let index = 0; index < 120; index++) {
      cars.state.checks.push({ commit, name: `status-${index}`, kind: 'status', state: 'success' })
    }
    cars.state.checks.push({
      commit,
      name: 'lint',
      kind: 'status',
      state: 'neutral',
      description: 'Old style',
    })
    const done = await provider.checks({ repository, number })
    expect(done).toMatchObject({ head: commit, state: 'success' })
    expect(done.checks).toHaveLength(121)
    expect(done.checks.at(-1)).toEqual({ name: 'lint', state: 'neutral', description: 'Old style' })
    cars.state.checks.push({ commit, name: 'status-7', kind: 'status', state: 'failure' })
    expect((await provider.checks({ repository, number })).state).toBe('failure')
  })

  it('of a state that nobody knows have failed, whatever it is called', async () => {
    const { provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const body = [{ id: 1, context: 'odd', status: 'constructor' }]
    host.addFault({ type: 'status', status: 200, body }, { times: 1, on: { path: /statuses/ } })
    const { checks, state } = await provider.checks({ repository, number })
    expect([checks, state]).toEqual([[{ name: 'odd', state: 'failure' }], 'failure'])
  })
})

describe('comments', () => {
  it('come whole, however many they are', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    for (let id = 1; id <= 130; id++) {
      const times = { createdAt: 0, updatedAt: 0 }
      cars.state.comments.push({ id, pull: number, author: 'bob', body: `Comment ${id}`, ...times })
    }
    const found = await provider.comments({ repository, number })
    expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 130 }, (_, index) => String(index + 1)))
  })
})

describe('a diff', () => {
  it('can be applied by Git, whatever the names', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({
      files: {
        'old name.yaml': 'a: 1\nb: 2\nc: 3\n',
        empty: '',
        'gone file.yaml': 'x\n',
        'plain.yaml': 'x: 1\n',
      },
    })
    const files = {
      'old name.yaml': null,
      'new "name".yaml': 'a: 1\nb: 2\nc: 3\n',
      'ünï b/new ünï.yaml': 'a: 1',
      'none.yaml': '',
      'tab\there.yaml': 'diff --git a/x b/x\n--- a/x\n+++ b/x\n',
      'gone file.yaml': null,
      'plain.yaml': '-- x: 2\n',
    }
    await cars.git.commit({ branch: 'change', files })
    await cars.git.commit({ branch: 'change', files: { binary: new Uint8Array([0, 1, 2]) } })
    const spec = { repository, head: 'change', base: 'main', title: 'x' }
    const { number } = await provider.createPullRequest(spec)
    const { files: changed, from } = await provider.diff({ repository, number })
    expect(
      changed.map(({ type, path, previousPath, omitted }) => [type, path, previousPath ?? omitted]),
    ).toEqual([
      ['added', 'binary', 'binary'],
      ['deleted', 'gone file.yaml', undefined],
      ['renamed', 'new "name".yaml', 'old name.yaml'],
      ['added', 'none.yaml', undefined],
      ['modified', 'plain.yaml', undefined],
      ['added', 'tab\there.yaml', undefined],
      ['added', 'ünï b/new ünï.yaml', undefined],
    ])
    const patch = changed.map((file) => file.patch ?? '').join('')
    await cars.git.git(['read-tree', from])
    await cars.git.git(['apply', '--cached', '-'], { input: patch })
    const applied = (await cars.git.git(['ls-files', '-z'])).split('\0').filter(Boolean)
    expect(applied).toEqual((await cars.git.listFiles('change')).filter((path) => path !== 'binary'))
  })

  it('that is a page of a proxy is BAD_RESPONSE', async () => {
    const { host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    host.addFault({ type: 'html' }, { on: { path: /\.diff$/ } })
    const error = await provider.diff({ repository, number }).catch((thrown: unknown) => thrown)
    expect(isLgError(error, 'BAD_RESPONSE')).toBe(true)
  })
})
