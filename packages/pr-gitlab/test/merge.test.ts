import { failure } from '@lg/host-tests'
import { parseRepositoryReference } from '@lg/git'
import type { MergeBlocker } from '@lg/pull-request'
import { createSkippingClock } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const blockers = async (call: Promise<unknown>): Promise<readonly MergeBlocker['reason'][]> =>
  (await failure(call, 'NOT_MERGEABLE')).blockers.map(({ reason }) => reason)
const merges = (): readonly unknown[] =>
  world.host.requests.entries.filter(({ path }) => path.endsWith('/merge')).map(({ body }) => body)

describe('a merge', () => {
  it('without a method takes what the project does', async () => {
    const { cars, provider, repository } = world
    cars.settings.mergeMethods = ['fast-forward']
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    const head = (await cars.git.branches())[spec.head]
    expect(await provider.merge({ repository, number })).toEqual({ outcome: 'merged', commit: head })
    expect((await cars.git.branches())['main']).toBe(head)
  })

  it('by a method that the project does not have is refused', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    for (const [methods, method] of [
      [['merge'], 'squash'],
      [['squash'], 'merge'],
      [['fast-forward', 'squash'], 'merge'],
    ] as const) {
      cars.settings.mergeMethods = methods
      expect(await blockers(provider.merge({ repository, number }, { method }))).toEqual(['method'])
    }
    expect(merges()).toEqual([])
  })

  it('into a base that has moved is behind, where the project has fast-forwards only', async () => {
    const { cars, provider, repository } = world
    cars.settings.mergeMethods = ['fast-forward']
    const { number } = await provider.createPullRequest(await world.propose())
    await cars.git.commit({ files: { other: 'x\n' } })
    expect(await blockers(provider.merge({ repository, number }))).toEqual(['behind'])
    expect(await provider.mergeability({ repository, number })).toMatchObject({
      status: 'blocked',
      blockers: [{ reason: 'behind' }],
    })
  })

  it('waits while GitLab works out whether there are conflicts, and tries again', async () => {
    const { cars, providerWith, repository, host } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const { number } = await provider.createPullRequest(await world.propose())
    cars.settings.mergeabilityUnknown = 2
    // Old versions have another status for it.
    for (const status of [405, 406]) {
      const body = { message: `${status} Not now` }
      host.addFault({ type: 'status', status, body }, { times: 1, on: { method: 'PUT' } })
    }
    expect(await provider.merge({ repository, number })).toMatchObject({ outcome: 'merged' })
    expect(clock.waits).toEqual([500, 1000, 500, 1000])
    cars.settings.mergeabilityUnknown = 1
    const other = await provider.createPullRequest(await world.propose({ head: 'b' }))
    expect(await provider.mergeability({ repository, number: other.number })).toEqual({ status: 'unknown' })
  })

  it('by a token that may not is FORBIDDEN, which GitLab says as if it did not know it', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    cars.settings.push = false
    expect(await failure(provider.merge({ repository, number }), 'FORBIDDEN')).toMatchObject({
      reason: '401 Unauthorized',
    })
  })

  it('whose head moves at the last moment is CONFLICT, with the new head', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const { headCommit: expectedHead } = await provider.get({ repository, number })
    const push = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'change', files: { late: 'x' } }))
    host.addFault({ type: 'intercept', run: push }, { times: 1, on: { path: /\/merge$/ } })
    const details = await failure(provider.merge({ repository, number }, { expectedHead }), 'CONFLICT')
    expect(details).toMatchObject({ expectedHead, actualHead: (await cars.git.branches())['change'] })
    expect(cars.state.pulls[0]?.state).toBe('open')
  })

  it('of a head that was just pushed waits until GitLab has taken notice of it', async () => {
    const { cars, providerWith, repository, host } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const { number } = await provider.createPullRequest(await world.propose())
    const before = { ...(await answerOf(`/merge_requests/${number}`)), detailed_merge_status: 'mergeable' }
    const expectedHead = await cars.git.commit({ branch: 'change', files: { more: 'x' } })
    host.addFault(
      { type: 'status', status: 200, body: before },
      { times: 3, on: { path: /merge_requests\/\d+$/ } },
    )
    expect(await provider.merge({ repository, number }, { expectedHead })).toMatchObject({
      outcome: 'merged',
    })
    expect(clock.waits).toEqual([500, 1000])
  })

  it('that GitLab still works on is waited for', async () => {
    const { providerWith, repository, host } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const { number } = await provider.createPullRequest(await world.propose())
    const answer = await answerOf(`/merge_requests/${number}`)
    const closing = { ...answer, detailed_merge_status: 'not_open' }
    const locked = { ...closing, state: 'locked' }
    const merged = { ...closing, state: 'merged', merge_commit_sha: answer['sha'] }
    host.addFault({ type: 'status', status: 200, body: locked }, { times: 1, on: { method: 'PUT' } })
    host.addFault({ type: 'status', status: 200, body: answer }, { times: 1, on: { method: 'GET' } })
    host.addFault({ type: 'status', status: 200, body: locked }, { times: 2, on: { method: 'GET' } })
    host.addFault({ type: 'status', status: 200, body: merged }, { on: { method: 'GET' } })
    expect(await provider.merge({ repository, number })).toEqual({ outcome: 'merged', commit: answer['sha'] })
    expect(clock.waits).toEqual([500, 1000])
  })

  it('that GitLab takes on and does not do is NOT_MERGEABLE, in its words', async () => {
    const { provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const answer = await answerOf(`/merge_requests/${number}`)
    const stuck = { ...answer, state: 'opened', merge_error: 'The hook declined it' }
    host.addFault(
      { type: 'status', status: 200, body: stuck },
      { on: { path: /merge_requests\/\d+(?:\/merge)?$/ } },
    )
    const details = await failure(provider.merge({ repository, number }), 'NOT_MERGEABLE')
    expect(details).toMatchObject({ blockers: [{ reason: 'protected', message: 'The hook declined it' }] })
  })

  it('leaves a head branch with newer commits, and says so', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const add = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'change', files: { late: 'x' } }))
    host.addFault({ type: 'intercept', run: add }, { times: 1, on: { path: /branches\/change$/ } })
    const details = await failure(
      provider.merge({ repository, number }, { deleteBranch: true }),
      'INCOMPLETE',
    )
    expect(details).toMatchObject({ failed: 'deleteBranch', pullRequest: { number, state: 'merged' } })
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('takes title and message', async () => {
    const { cars, provider, repository } = world
    const first = await provider.createPullRequest(await world.propose())
    const words = { title: 'Faster', message: 'Because.' }
    await provider.merge({ repository, number: first.number }, { method: 'squash', ...words })
    expect(await cars.git.git(['log', '-1', '--format=%B', 'main'])).toBe('Faster\n\nBecause.\n\n')
    const second = await provider.createPullRequest(await world.propose({ head: 'b' }))
    await provider.merge({ repository, number: second.number }, { message: 'Because.', deleteBranch: false })
    expect(await cars.git.git(['log', '-1', '--format=%B', 'main'])).toBe(
      "Merge branch 'b' into 'main'\n\nBecause.\n\n",
    )
    expect(merges().at(-1)).toMatchObject({ should_remove_source_branch: false })
  })
})

describe('what GitLab says keeps it from being merged', () => {
  it.each([
    ['conflict', 'conflicts'],
    ['broken_status', 'conflicts'],
    ['draft_status', 'draft'],
    ['not_open', 'closed'],
    ['ci_must_pass', 'checks'],
    ['ci_still_running', 'checks'],
    ['status_checks_must_pass', 'checks'],
    ['not_approved', 'approvals'],
    ['requested_changes', 'approvals'],
    ['need_rebase', 'behind'],
    ['commits_status', 'empty'],
    ['discussions_not_resolved', 'protected'],
    ['merge_request_blocked', 'protected'],
    ['jira_association_missing', 'protected'],
    ['locked_paths', 'protected'],
    ['title_regex', 'protected'],
    ['security_policy_violations', 'protected'],
    ['a_rule_of_tomorrow', 'protected'],
    ['constructor', 'protected'],
  ])('%s has a word of the port: %s', async (detailed_merge_status, reason) => {
    const { provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const body = { ...(await answerOf(`/merge_requests/${number}`)), detailed_merge_status }
    host.addFault({ type: 'status', status: 200, body }, { on: { method: 'GET' } })
    const refusal = { message: '405 Method Not Allowed' }
    host.addFault({ type: 'status', status: 405, body: refusal }, { on: { method: 'PUT' } })
    expect(await provider.mergeability({ repository, number })).toMatchObject({ blockers: [{ reason }] })
    expect(await blockers(provider.merge({ repository, number }))).toEqual([reason])
  })

  it.each(['unchecked', 'checking', 'preparing', 'approvals_syncing'])(
    '%s is not known yet',
    async (status) => {
      const { provider, repository, host } = world
      const { number } = await provider.createPullRequest(await world.propose())
      const body = { ...(await answerOf(`/merge_requests/${number}`)), detailed_merge_status: status }
      host.addFault({ type: 'status', status: 200, body }, { on: { method: 'GET' } })
      expect(await provider.mergeability({ repository, number })).toEqual({ status: 'unknown' })
    },
  )

  it('is read of old versions as well, which say less', async () => {
    const { provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const { detailed_merge_status: _status, ...old } = await answerOf(`/merge_requests/${number}`)
    const say = (more: object): void => {
      host.clearFaults()
      host.addFault({ type: 'status', status: 200, body: { ...old, ...more } }, { on: { method: 'GET' } })
    }
    const ask = () => provider.mergeability({ repository, number })
    say({ merge_status: 'can_be_merged' })
    expect(await ask()).toMatchObject({ status: 'mergeable' })
    say({ merge_status: 'cannot_be_merged', has_conflicts: true })
    expect(await ask()).toMatchObject({ blockers: [{ reason: 'conflicts' }] })
    say({ merge_status: 'cannot_be_merged_recheck' })
    expect(await ask()).toEqual({ status: 'unknown' })
  })
})

describe('auto-merge', () => {
  it('is scheduled while checks are missing, not twice, and by both names that it has had', async () => {
    const { cars, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    const request = { whenChecksPass: true, method: 'squash', deleteBranch: true } as const
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    expect(await provider.merge({ repository, number }, request)).toEqual({ outcome: 'scheduled' })
    expect(merges()).toEqual([
      {
        auto_merge: true,
        merge_when_pipeline_succeeds: true,
        squash: true,
        should_remove_source_branch: true,
        sha: (await cars.git.branches())['change'],
      },
    ])
    expect(await provider.update({ repository, number }, { autoMerge: false })).toMatchObject({
      action: 'updated',
    })
    expect((await provider.get({ repository, number })).autoMerge).toBe(false)
    cars.settings.autoMerge = false
    expect(await blockers(provider.merge({ repository, number }, request))).toEqual(['checks'])
  })

  it('with checks that have passed merges at once, and with none as well, but not before they may come', async () => {
    const { cars, providerWith, repository } = world
    const clock = createSkippingClock({ longest: 30_000 })
    const provider = providerWith({ clock })
    const first = await provider.createPullRequest(await world.propose({ head: 'a' }))
    const commit = (await cars.git.branches())['a'] ?? ''
    cars.state.checks.push({ commit, name: 'ci', kind: 'status', state: 'success' })
    const request = { whenChecksPass: true, deleteBranch: true }
    expect(await provider.merge({ repository, number: first.number }, request)).toMatchObject({
      outcome: 'merged',
    })
    expect((await cars.git.branches())['a']).toBeUndefined()
    expect(clock.waits).toEqual([])
    const second = await provider.createPullRequest(await world.propose({ head: 'b' }))
    expect(await provider.merge({ repository, number: second.number }, request)).toMatchObject({
      outcome: 'merged',
    })
    expect(clock.waits).toEqual([500, 1000, 2000, 4000])
  })

  it('of a new one waits for the pipeline that GitLab makes in the background', async () => {
    const { cars, host, provider, repository } = world
    const spec = await world.propose({ autoMerge: { method: 'squash', deleteBranch: true } })
    let tries = 0
    const appear = async (): Promise<void> => {
      tries += 1
      if (tries === 3) cars.settings.requiredChecks = ['ci']
    }
    host.addFault({ type: 'intercept', run: appear }, { on: { path: /\/merge$/ } })
    const { number, ignored } = await provider.createPullRequest(spec)
    expect([ignored, tries]).toEqual([[], 3])
    expect((await provider.get({ repository, number })).autoMerge).toBe(true)
  })

  it('that there is nothing for is ignored, with the reason; and refused when strict', async () => {
    const { provider } = world
    const { ignored } = await provider.createPullRequest(await world.propose({ autoMerge: true }))
    expect(ignored).toMatchObject([{ field: 'autoMerge', reason: expect.stringContaining('405') }])
    const strict = await world.propose({ head: 'b', autoMerge: true, strict: true })
    expect(await failure(provider.createPullRequest(strict), 'INCOMPLETE')).toMatchObject({
      failed: 'autoMerge',
    })
  })

  it('does not merge a head that it has not seen', async () => {
    const { cars, host, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const { number } = await provider.createPullRequest(await world.propose())
    const push = async (): Promise<void> =>
      void (await cars.git.commit({ branch: 'change', files: { late: 'x' } }))
    host.addFault({ type: 'intercept', run: push }, { times: 1, on: { path: /\/merge$/ } })
    const { headCommit: expectedHead } = await provider.get({ repository, number })
    const call = provider.merge({ repository, number }, { whenChecksPass: true, expectedHead })
    expect(await failure(call, 'CONFLICT')).toMatchObject({ expectedHead })
    expect(cars.state.pulls[0]?.autoMerge).toBeUndefined()
  })
})

describe('checks', () => {
  it('are the statuses of the head, and the worst counts', async () => {
    const { cars, provider, repository } = world
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    const commit = (await cars.git.branches())[spec.head] ?? ''
    for (let index = 0; index < 120; index++) {
      cars.state.checks.push({ commit, name: `job-${index}`, kind: 'status', state: 'success' })
    }
    cars.state.checks.push({
      commit,
      name: 'build',
      kind: 'status',
      state: 'pending',
      description: 'Building',
    })
    const pending = await provider.checks({ repository, number })
    expect(pending).toMatchObject({ head: commit, state: 'pending' })
    expect(pending.checks).toHaveLength(121)
    expect(pending.checks.at(-1)).toMatchObject({ name: 'build', description: 'Building' })
    cars.state.checks.push({ commit, name: 'lint', kind: 'status', state: 'failure' })
    expect((await provider.checks({ repository, number })).state).toBe('failure')
  })

  it('may fail where the project says so', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const sha = (await cars.git.branches())['change'] ?? ''
    const job = (id: number, status: string, allow_failure: boolean): unknown => {
      return { id, sha, status, name: status, allow_failure, pipeline_id: 1 }
    }
    const body = [job(1, 'failed', true), job(2, 'manual', true), job(3, 'skipped', false)]
    host.addFault({ type: 'status', status: 200, body }, { on: { path: /statuses$/ } })
    expect((await provider.checks({ repository, number })).state).toBe('neutral')
  })

  it('are a pipeline itself when it has no jobs, since its file is not valid', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const commit = (await cars.git.branches())['change'] ?? ''
    cars.state.checks.push({ commit, name: 'pipeline', kind: 'run', state: 'failure' })
    expect(await provider.checks({ repository, number })).toMatchObject({
      state: 'failure',
      checks: [{ name: 'pipeline', state: 'failure', url: expect.stringContaining('/pipelines/') }],
    })
  })

  it('of a pipeline of the merged result run on another commit', async () => {
    const { cars, provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const merged = (await cars.git.branches())['main'] ?? ''
    cars.state.checks.push({ commit: merged, name: 'test', kind: 'status', state: 'failure' })
    const answer = await answerOf(`/merge_requests/${number}`)
    const head_pipeline = { id: 1, sha: merged, ref: `refs/merge-requests/${number}/merge`, status: 'failed' }
    const on = { path: /merge_requests\/\d+$/ }
    host.addFault({ type: 'status', status: 200, body: { ...answer, head_pipeline } }, { on })
    expect(await provider.checks({ repository, number })).toMatchObject({
      head: answer['sha'],
      checks: [{ name: 'test', state: 'failure' }],
    })
  })

  it('of a fork are those of both projects', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'ann', name: 'cars', forkOf: cars })
    const commit = await fork.git.commit({ branch: 'change', files: { 'fork.yaml': 'x: 1\n' } })
    const headRepository = parseRepositoryReference(host.cloneUrl(fork))
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    const { number } = await provider.createPullRequest(spec)
    fork.state.checks.push({ commit, name: 'theirs', kind: 'status', state: 'success' })
    cars.state.checks.push({ commit, name: 'ours', kind: 'status', state: 'pending' })
    const { checks, state } = await provider.checks({ repository, number })
    expect([checks.map(({ name }) => name).toSorted(), state]).toEqual([['ours', 'theirs'], 'pending'])
    fork.settings.visible = false
    expect((await provider.checks({ repository, number })).checks.map(({ name }) => name)).toEqual(['ours'])
  })
})

describe('a diff', () => {
  it('can be applied by Git, whatever the names', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({
      files: { 'old name.yaml': 'a: 1\nb: 2\nc: 3\n', empty: '', 'gone file.yaml': 'x\n' },
    })
    const files = {
      'old name.yaml': null,
      'new "name".yaml': 'a: 1\nb: 2\nc: 3\n',
      'ünï.yaml': 'a: 1',
      'none.yaml': '',
      'gone file.yaml': null,
    }
    await cars.git.commit({ branch: 'change', files })
    await cars.git.commit({ branch: 'change', files: { binary: new Uint8Array([0, 1, 2]) } })
    const spec = { repository, head: 'change', base: 'main', title: 'x' }
    const { number } = await provider.createPullRequest(spec)
    const { files: changed, from } = await provider.diff({ repository, number })
    expect(changed.map(({ type, path, omitted }) => [type, path, omitted])).toEqual([
      ['added', 'binary', 'binary'],
      ['deleted', 'gone file.yaml', undefined],
      ['renamed', 'new "name".yaml', undefined],
      ['added', 'none.yaml', undefined],
      ['added', 'ünï.yaml', undefined],
    ])
    const patch = changed.map((file) => file.patch ?? '').join('')
    await cars.git.git(['read-tree', from])
    await cars.git.git(['apply', '--cached', '-'], { input: patch })
    const applied = (await cars.git.git(['ls-files', '-z'])).split('\0').filter(Boolean)
    expect(applied).toEqual((await cars.git.listFiles('change')).filter((path) => path !== 'binary'))
  })

  it('says what GitLab leaves out, and keeps file modes', async () => {
    const { provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const answer = await answerOf(`/merge_requests/${number}`)
    const file = (path: string, more: object): object => {
      const modes = { a_mode: '100644', b_mode: '100644' }
      return { old_path: path, new_path: path, ...modes, diff: '', ...more }
    }
    const body = [
      file('collapsed', { collapsed: true }),
      file('large', { too_large: true }),
      file('run', { b_mode: '100755' }),
      file('tool', {
        new_file: true,
        a_mode: '0',
        b_mode: '100755',
        diff: '--- /dev/null\n+++ b/tool\n@@ -0,0 +1 @@\n+x\n',
      }),
    ]
    host.addFault({ type: 'status', status: 200, body }, { on: { path: /diffs$/ } })
    const many = { ...answer, changes_count: '1000+' }
    host.addFault({ type: 'status', status: 200, body: many }, { on: { path: /merge_requests\/\d+$/ } })
    expect(await provider.diff({ repository, number })).toMatchObject({
      truncated: true,
      files: [
        { path: 'collapsed', omitted: 'tooLarge' },
        { path: 'large', omitted: 'tooLarge' },
        { path: 'run', patch: 'diff --git a/run b/run\nold mode 100644\nnew mode 100755\n' },
        {
          path: 'tool',
          patch:
            'diff --git a/tool b/tool\nnew file mode 100755\n--- /dev/null\n+++ b/tool\n@@ -0,0 +1 @@\n+x\n',
        },
      ],
    })
    host.clearFaults()
    const early = { ...answer, diff_refs: null }
    host.addFault({ type: 'status', status: 200, body: early }, { on: { path: /merge_requests\/\d+$/ } })
    await failure(provider.diff({ repository, number }), 'BAD_RESPONSE')
  })
})

async function answerOf(path: string): Promise<Record<string, unknown>> {
  const { apiUrl, token } = world.host
  const headers = { 'private-token': token }
  const response = await fetch(`${apiUrl}/projects/lg%2Ffleet%2Fcars${path}`, { headers })
  return (await response.json()) as Record<string, unknown>
}
