import { isLgError } from '@lg/runtime'
import { pullRequestErrors, type FileDiff, type MergeBlocker } from '@lg/pull-request'
import { createSkippingClock, type HostExchange } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  await call.then(
    () => new Error('It did not fail'),
    (thrown: unknown) => thrown,
  )
const blockers = async (call: Promise<unknown>): Promise<readonly MergeBlocker['reason'][]> => {
  const error = await thrownBy(call)
  if (!pullRequestErrors.is(error, 'NOT_MERGEABLE')) throw error
  return error.details.blockers.map(({ reason }) => reason)
}
const completions = (): readonly HostExchange[] =>
  world.host.requests.entries.filter(({ method }) => method === 'PATCH')

/** A pull request as the host answers now. */
const lookAt = async (number: number): Promise<{ readonly body: object }> => {
  const { host, provider, repository } = world
  await provider.get({ repository, number })
  const path = new RegExp(`/pullrequests/${number}$`)
  const found = host.requests.entries.findLast((one) => one.method === 'GET' && path.test(one.path))
  return { body: found?.answer?.body as object }
}

describe('a merge', () => {
  it('is a status with the commit that was looked at and the options', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    await provider.merge({ repository, number })
    expect(completions().map(({ body }) => body)).toEqual([
      {
        status: 'completed',
        lastMergeSourceCommit: { commitId: (await cars.git.branches())['change'] },
        completionOptions: { mergeStrategy: 'noFastForward', deleteSourceBranch: false },
      },
    ])
  })

  it.each([
    [['squash', 'rebase'], 'squash'],
    [['rebase'], 'rebase'],
    [['rebase-merge'], 'rebaseMerge'],
  ])('takes the first strategy that policies allow, unless one is named: %j', async (methods, expected) => {
    const { cars, provider, repository } = world
    cars.settings.mergeMethods = methods
    const first = await provider.createPullRequest(await world.propose({ head: 'a' }))
    const locator = { repository, number: first.number }
    // A policy about strategies stays queued until the merge.
    expect(await provider.mergeability(locator)).toMatchObject({ status: 'mergeable' })
    expect(await provider.merge(locator)).toMatchObject({ outcome: 'merged' })
    expect(completions()[0]?.body).toMatchObject({ completionOptions: { mergeStrategy: expected } })
    const second = await provider.createPullRequest(await world.propose({ head: 'b' }))
    const call = provider.merge({ repository, number: second.number }, { method: 'merge' })
    expect(await blockers(call)).toEqual(['method'])
  })

  it('names the policies that are not met', async () => {
    const { cars, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    cars.settings.requiredApprovals = 1
    const { number } = await provider.createPullRequest(await world.propose())
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['checks', 'approvals'])
    expect(await provider.mergeability({ repository, number })).toMatchObject({
      status: 'blocked',
      blockers: [
        { reason: 'checks', message: 'policy ci is queued' },
        { reason: 'approvals', message: 'policy Minimum number of reviewers is queued' },
      ],
    })
    const [pull] = cars.state.pulls
    pull?.reviewed.push('alice@example.com')
    cars.state.checks.push({ commit: pull?.headCommit ?? '', name: 'ci', kind: 'run', state: 'success' })
    expect(await provider.mergeability({ repository, number })).toMatchObject({ status: 'mergeable' })
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
  })

  it('that a policy rejects without a word is told with the words of the host', async () => {
    const { host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const message =
      'The pull request needs to be approved by all required reviewers before it can be completed.'
    const body = { message, typeKey: 'GitPullRequestUpdateRejectedByPolicyException' }
    host.addFault({ type: 'status', status: 403, body }, { times: 1, on: { method: 'PATCH' } })
    const error = await thrownBy(provider.merge({ repository, number }))
    expect(pullRequestErrors.is(error, 'NOT_MERGEABLE') && error.details.blockers).toEqual([
      { reason: 'protected', message },
    ])
  })

  it('without the right to is FORBIDDEN', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    cars.settings.push = false
    const error = await thrownBy(provider.merge({ repository, number }))
    expect(isLgError(error, 'FORBIDDEN')).toBe(true)
  })

  it('waits while Azure DevOps works out whether there are conflicts', async () => {
    const { cars, providerWith, repository } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const { number } = await provider.createPullRequest(await world.propose())
    cars.settings.mergeabilityUnknown = 1
    expect(await provider.mergeability({ repository, number })).toEqual({ status: 'unknown' })
    cars.settings.mergeabilityUnknown = 3
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
    expect(clock.waits.slice(0, 3)).toEqual([500, 1000, 2000])
  })

  it('is looked for until it is done, and ends with TIMEOUT when it never is', async () => {
    for (const [mergeReads, waits] of [
      [1, [250]],
      [4, [250, 500, 1000, 2000]],
    ] as const) {
      await world.close()
      world = await createWorld({ mergeReads })
      const clock = createSkippingClock({ longest: 30_000 })
      const provider = world.providerWith({ clock })
      const { number } = await provider.createPullRequest(await world.propose())
      expect(await provider.merge({ repository: world.repository, number })).toMatchObject({
        outcome: 'merged',
        commit: (await world.cars.git.branches())['main'],
      })
      expect(clock.waits).toEqual(waits)
    }
    await world.close()
    world = await createWorld({ mergeReads: 1000 })
    const provider = world.providerWith({ clock: createSkippingClock({ longest: 30_000 }) })
    const { number } = await provider.createPullRequest(await world.propose())
    const error = await thrownBy(provider.merge({ repository: world.repository, number }))
    expect(pullRequestErrors.is(error, 'TIMEOUT') && error.details).toMatchObject({
      timeout: 60_000,
      sent: true,
      step: 'merge',
    })
  })

  it('that turns out to conflict while it is queued is NOT_MERGEABLE', async () => {
    const { cars, host, provider, repository } = world
    await cars.git.commit({ branch: 'main', files: { same: '1\n' } })
    await cars.git.commit({ branch: 'change', files: { same: '2\n' } })
    const { number } = await provider.createPullRequest(await world.propose())
    const run = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'main', files: { same: '3\n' } }))
    host.addFault({ type: 'intercept', run }, { times: 1, on: { method: 'PATCH' } })
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['conflicts'])
  })

  it('makes Azure DevOps look again before conflicts count', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({ branch: 'main', files: { same: '1\n' } })
    await cars.git.commit({ branch: 'change', files: { same: '2\n' } })
    await cars.git.commit({ branch: 'main', files: { same: '3\n' } })
    const spec = { repository, head: 'change', base: 'main', title: 'x' }
    const { number } = await provider.createPullRequest(spec)
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['conflicts'])
    await cars.git.commit({ branch: 'main', files: { same: '1\n' } })
    expect(await provider.mergeability({ repository, number })).toMatchObject({ status: 'blocked' })
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
  })

  it('that policies have rejected before is tried again', async () => {
    const { host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const { body } = await lookAt(number)
    host.addFault(
      { type: 'status', status: 200, body: { ...body, mergeStatus: 'rejectedByPolicy' } },
      { times: 2, on: { method: 'GET', path: /pullrequests\/\d+$/ } },
    )
    expect(await provider.mergeability({ repository, number })).toEqual({ status: 'unknown' })
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
  })

  it('that a policy rejects while it is queued is NOT_MERGEABLE', async () => {
    const { host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const { body } = await lookAt(number)
    const rejected = { ...body, mergeStatus: 'rejectedByPolicy', mergeFailureMessage: 'Not today.' }
    const run = async (): Promise<void> =>
      host.addFault({ type: 'status', status: 200, body: rejected }, { on: { path: /pullrequests\/\d+$/ } })
    host.addFault({ type: 'intercept', run }, { times: 1, on: { method: 'PATCH' } })
    const error = await thrownBy(provider.merge({ repository, number }))
    expect(pullRequestErrors.is(error, 'NOT_MERGEABLE') && error.details.blockers).toEqual([
      { reason: 'protected', message: 'Not today.' },
    ])
  })

  it('of a head that moves meanwhile takes the new one, or is CONFLICT when one is expected', async () => {
    const { cars, host, provider, repository } = world
    const move = (branch: string) => async (): Promise<void> =>
      void (await cars.git.commit({ branch, files: { [`late-${branch}`]: 'x\n' } }))
    for (const head of ['a', 'b']) {
      const { number } = await provider.createPullRequest(await world.propose({ head }))
      const { headCommit: expectedHead } = await provider.get({ repository, number })
      host.addFault({ type: 'intercept', run: move(head) }, { times: 1, on: { method: 'PATCH' } })
      const request = head === 'a' ? {} : { expectedHead }
      const call = provider.merge({ repository, number }, request)
      if (head === 'a') {
        expect(await call).toMatchObject({ outcome: 'merged' })
        expect(await cars.git.readFile('main', 'late-a')).toBe('x\n')
        continue
      }
      const actualHead = async (): Promise<string | undefined> => (await cars.git.branches())['b']
      const error = await thrownBy(call)
      expect(pullRequestErrors.is(error, 'CONFLICT') && error.details).toMatchObject({
        expectedHead,
        actualHead: await actualHead(),
      })
    }
  })

  it('of a head that was just pushed waits until the pull request knows it', async () => {
    const { cars, providerWith, repository } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const { number } = await provider.createPullRequest(await world.propose())
    const expectedHead = await cars.git.commit({ branch: 'change', files: { more: 'x\n' } })
    cars.settings.headLag = 5
    expect(await provider.merge({ repository, number }, { expectedHead })).toMatchObject({
      outcome: 'merged',
    })
    expect(await cars.git.readFile('main', 'more')).toBe('x\n')
    expect(clock.waits.slice(0, 2)).toEqual([250, 500])
  })

  it('is scheduled while policies are not met, and not twice', async () => {
    const { cars, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    const request = { whenChecksPass: true, method: 'squash', deleteBranch: true } as const
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    expect(completions()).toHaveLength(1)
    expect(cars.state.pulls[0]?.autoMerge).toBe('squash')
    cars.settings.mergeMethods = ['rebase']
    const other = await provider.createPullRequest(await world.propose({ head: 'b' }))
    expect(await blockers(provider.merge({ repository, number: other.number }, request))).toEqual(['method'])
  })

  it('takes title and message', async () => {
    const { cars, provider, repository } = world
    for (const [head, request, expected] of [
      ['a', { title: 'Faster', message: 'Because.' }, 'Faster\n\nBecause.'],
      ['b', { message: 'Because.' }, /^Merged PR \d+\n\nBecause\./],
    ] as const) {
      const { number } = await provider.createPullRequest(await world.propose({ head }))
      await provider.merge({ repository, number }, { method: 'squash', ...request })
      expect(await cars.git.git(['log', '-1', '--format=%B', 'main'])).toMatch(expected)
    }
  })
})

describe('the head branch', () => {
  it('with newer commits is left, and that is told', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const add = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'change', files: { late: 'x' } }))
    const merged = provider.merge({ repository, number })
    await merged
    host.addFault({ type: 'intercept', run: add }, { times: 1, on: { path: /\/refs$/ } })
    const error = await thrownBy(provider.merge({ repository, number }, { deleteBranch: true }))
    expect(pullRequestErrors.is(error, 'INCOMPLETE') && error.details).toMatchObject({
      failed: 'deleteBranch',
      pullRequest: { number, state: 'merged' },
    })
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('that moves between the look and the deletion is left', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const add = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'change', files: { late: 'x' } }))
    host.addFault({ type: 'intercept', run: add }, { times: 1, on: { method: 'POST', path: /\/refs$/ } })
    const error = await thrownBy(provider.merge({ repository, number }, { deleteBranch: true }))
    expect(isLgError(error, 'INCOMPLETE') && isLgError(error.cause, 'CONFLICT')).toBe(true)
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('that a policy protects is left: a refusal with status 200', async () => {
    const { cars, provider, repository } = world
    cars.settings.lockedBranches = ['change']
    const { number } = await provider.createPullRequest(await world.propose())
    const error = await thrownBy(provider.merge({ repository, number }, { deleteBranch: true }))
    expect(isLgError(error, 'INCOMPLETE') && isLgError(error.cause, 'FORBIDDEN')).toBe(true)
    expect(await provider.get({ repository, number })).toMatchObject({ state: 'merged' })
  })

  it('that rebasing has moved is deleted all the same', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    await cars.git.commit({ branch: 'main', files: { other: 'x\n' } })
    const { headCommit } = await provider.get({ repository, number })
    await provider.merge({ repository, number }, { method: 'rebase', deleteBranch: true })
    expect((await cars.git.branches())['change']).toBeUndefined()
    expect(await provider.get({ repository, number })).toMatchObject({ state: 'merged', headCommit })
  })
})

describe('checks', () => {
  it('are the latest statuses of pull request and commit, and the builds; the worst counts', async () => {
    const { cars, provider, repository } = world
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    const commit = (await cars.git.branches())[spec.head] ?? ''
    const { checks } = cars.state
    for (let index = 0; index < 120; index++) {
      checks.push({ commit, name: `ci/status-${index}`, kind: 'status', state: 'success' })
    }
    checks.push({ commit, name: 'ci/lint', kind: 'run', state: 'failure', description: 'Two errors' })
    checks.push({ commit, name: 'ci/lint', kind: 'run', state: 'neutral', description: 'Skipped' })
    cars.settings.requiredChecks = ['build']
    const pending = await provider.checks({ repository, number })
    expect(pending).toMatchObject({ head: commit, state: 'pending' })
    expect(pending.checks).toHaveLength(122)
    expect(pending.checks.slice(-2)).toMatchObject([
      { name: 'ci/lint', state: 'neutral', description: 'Skipped' },
      { name: 'build', state: 'pending' },
    ])
    checks.push({ commit, name: 'build', kind: 'status', state: 'failure' })
    expect((await provider.checks({ repository, number })).state).toBe('failure')
  })
})

describe('comments', () => {
  it('are threads without a status, beside which the notes of the host do not count', async () => {
    const { host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const { id, url } = await provider.comment({ repository, number }, { body: 'Plan', topic: 'plan' })
    const sent = host.requests.entries.find(
      ({ path, method }) => method === 'POST' && path.endsWith('/threads'),
    )
    expect(sent?.body).not.toHaveProperty('status')
    expect(url).toMatch(/\/pullrequest\/\d+\?discussionId=\d+$/)
    expect(await provider.comments({ repository, number })).toMatchObject([
      { id, body: 'Plan', topic: 'plan', author: 'lg-bot' },
    ])
  })

  it('may be longer than a description', async () => {
    const { provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const body = 'x'.repeat(100_000)
    await provider.comment({ repository, number }, { body, topic: 'long' })
    expect(await provider.comments({ repository, number })).toMatchObject([{ body }])
  })

  it('that are too long for the host are VALIDATION', async () => {
    const { host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const body = {
      message: 'A pull request comment cannot be longer than 150000 characters.',
      typeKey: 'InvalidArgumentValueException',
    }
    host.addFault({ type: 'status', status: 400, body }, { on: { method: 'POST' } })
    const error = await thrownBy(provider.comment({ repository, number }, { body: 'x' }))
    expect(pullRequestErrors.is(error, 'VALIDATION') && error.details.faults).toMatchObject([
      { field: 'body' },
    ])
  })
})

describe('a diff', () => {
  it('can be applied by Git, whatever the names, and has the whole texts', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({
      files: {
        'old name.yaml': 'a: 1\nb: 2\nc: 3\n',
        empty: '',
        'gone file.yaml': 'x\n',
        'moved.yaml': 'm: 1\n',
      },
    })
    const files = {
      'old name.yaml': null,
      'new "name".yaml': 'a: 1\nb: 2\nc: 4\n',
      'moved.yaml': null,
      'sub/moved.yaml': 'm: 1\n',
      'ünï.yaml': 'a: 1',
      'none.yaml': '',
      'gone file.yaml': null,
    }
    await cars.git.commit({ branch: 'change', files })
    await cars.git.commit({ branch: 'change', files: { binary: new Uint8Array([0, 1, 2]) } })
    const { number } = await provider.createPullRequest({
      repository,
      head: 'change',
      base: 'main',
      title: 'x',
    })
    const { files: changed, from } = await provider.diff({ repository, number })
    expect(changed.map(({ type, path, omitted }) => [type, path, omitted])).toEqual([
      ['added', 'binary', 'binary'],
      ['deleted', 'gone file.yaml', undefined],
      ['renamed', 'new "name".yaml', undefined],
      ['added', 'none.yaml', undefined],
      ['renamed', 'sub/moved.yaml', undefined],
      ['added', 'ünï.yaml', undefined],
    ])
    expect(changed[2]).toMatchObject({
      previousPath: 'old name.yaml',
      before: 'a: 1\nb: 2\nc: 3\n',
      after: 'a: 1\nb: 2\nc: 4\n',
    })
    const patch = changed.map((file) => file.patch ?? '').join('')
    await cars.git.git(['read-tree', from])
    await cars.git.git(['apply', '--cached', '-'], { input: patch })
    const applied = (await cars.git.git(['ls-files', '-z'])).split('\0').filter(Boolean)
    expect(applied).toEqual((await cars.git.listFiles('change')).filter((path) => path !== 'binary'))
    expect(await cars.git.git(['show', ':new "name".yaml'])).toBe('a: 1\nb: 2\nc: 4\n')
  })

  const diffOf = async (count: number): Promise<readonly FileDiff[]> => {
    const { cars, provider, repository } = world
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`f/${index}`, `${index}\n`]),
    )
    await cars.git.commit({ branch: 'change', files })
    const spec = { repository, head: 'change', base: 'main', title: 'x' }
    const { number } = await provider.createPullRequest(spec)
    return (await provider.diff({ repository, number })).files
  }

  it('is read page after page', async () => {
    await world.close()
    world = await createWorld({ pageLimit: 5 })
    const files = await diffOf(12)
    expect(files.filter(({ patch }) => patch !== undefined)).toHaveLength(12)
    expect(world.sent().filter((line) => line.endsWith('/changes'))).toHaveLength(3)
  })

  it('has the texts of 300 files; of more, only the names', { tags: ['slow'] }, async () => {
    const files = await diffOf(310)
    expect(files).toHaveLength(310)
    const texts = files.filter(({ patch }) => patch !== undefined)
    const named = files.filter(({ omitted }) => omitted === 'tooLarge')
    expect([texts.length, named.length]).toEqual([300, 10])
  })

  it('leaves out a text beyond the limit of an answer', async () => {
    const { cars, providerWith, repository } = world
    const provider = providerWith({ bodyLimit: 20_000 })
    await cars.git.commit({ branch: 'change', files: { big: 'x\n'.repeat(20_000), small: 'x\n' } })
    const { number } = await provider.createPullRequest({
      repository,
      head: 'change',
      base: 'main',
      title: 'x',
    })
    const { files } = await provider.diff({ repository, number })
    expect(files.map(({ path, omitted, after }) => [path, omitted ?? after])).toEqual([
      ['big', 'tooLarge'],
      ['small', 'x\n'],
    ])
  })
})
