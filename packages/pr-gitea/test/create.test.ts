import { failure } from '@lg/host-tests'
import { createSkippingClock } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, forgejo, gitea123, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const changed = (): readonly string[] => world.sent().filter((line) => !line.startsWith('GET'))

describe('branches', () => {
  it('with a slash are one part of the path', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({ branch: 'release/1.0', files: { 'base.yaml': 'x: 1\n' } })
    const spec = await world.propose({ head: 'feature/x', base: 'release/1.0' })
    const { number } = await provider.createPullRequest(spec)
    world.sent()
    expect(await provider.find(spec)).toMatchObject({ number, head: 'feature/x', base: 'release/1.0' })
    expect(world.sent()).toEqual(['GET /pulls/release%2F1.0/feature%2Fx'])
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect(world.sent()).toContain('DELETE /branches/feature%2Fx')
  })

  it('of a closed pull request may be proposed again, and the open one is found beside it', async () => {
    const { provider, repository } = world
    const spec = await world.propose()
    const closed = await provider.createPullRequest(spec)
    await provider.close({ repository, number: closed.number })
    expect(await provider.find(spec)).toBeUndefined()
    const { number, action } = await provider.createPullRequest(spec)
    expect(action).toBe('created')
    // The first is what Gitea gives for these branches.
    expect(await provider.find(spec)).toMatchObject({ number, state: 'open' })
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
  })

  it('may be in a fork of somebody else', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'ann', name: 'my-cars', forkOf: cars })
    await fork.git.commit({ branch: 'change', files: { 'fork.yaml': 'x: 1\n' } })
    await world.propose()
    const headRepository = { ...repository, owner: 'ann', name: 'my-cars', url: host.cloneUrl(fork) }
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    const { number } = await provider.createPullRequest(spec)
    const create = host.requests.entries.find(({ method }) => method === 'POST')
    expect(create?.body).toMatchObject({ head: 'ann:change' })
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    expect(await provider.get({ repository, number })).toMatchObject({
      headRepository: { owner: 'ann', name: 'my-cars' },
      headCommit: (await fork.git.branches())['change'],
    })
    expect(await provider.find({ repository, head: 'change', base: 'main' })).toBeUndefined()
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect((await fork.git.branches())['change']).toBeUndefined()
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('of a fork have to be there, and to have something new', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'ann', name: 'cars', forkOf: cars })
    const headRepository = { ...repository, owner: 'ann', url: host.cloneUrl(fork) }
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    await failure(provider.createPullRequest(spec), 'BRANCH_NOT_FOUND')
    await cars.git.commit({ branch: 'main', files: { 'later.yaml': 'x: 1\n' } })
    await failure(provider.createPullRequest({ ...spec, head: 'main' }), 'NO_CHANGES')
    expect(changed()).toEqual([])
  })

  it('of a fork that has the same owner are UNSUPPORTED', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'lg', name: 'cars-fork', forkOf: cars })
    const headRepository = { ...repository, name: 'cars-fork', url: host.cloneUrl(fork) }
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    expect(await failure(provider.createPullRequest(spec), 'UNSUPPORTED')).toMatchObject({
      features: ['head in another repository of the same owner'],
    })
    expect(host.requests.entries).toEqual([])
  })

  it('that go away while a pull request is made are told from a repository', async () => {
    const { host, cars, provider } = world
    const spec = await world.propose()
    const drop = async (): Promise<void> => void (await cars.git.deleteBranch('change'))
    const on = { method: 'POST', path: /pulls$/ }
    host.addFault({ type: 'intercept', run: drop }, { times: 1, on })
    expect(await failure(provider.createPullRequest(spec), 'BRANCH_NOT_FOUND')).toMatchObject({
      branch: 'change',
    })
    const hide = async (): Promise<void> => void (cars.settings.visible = false)
    host.addFault({ type: 'intercept', run: hide }, { times: 1, on })
    await failure(provider.createPullRequest(await world.propose()), 'NOT_FOUND')
  })
})

describe('a server', () => {
  it.each(['', '/', '/api/v1', '/api/v1/'])(
    'below a path is reached by its address with "%s"',
    async (end) => {
      await world.close()
      world = await createWorld({ path: '/forge' })
      const provider = world.providerWith({ apiUrl: `${world.host.url}${end}` })
      expect(world.repository.owner).toBe('forge/lg')
      const spec = await world.propose()
      const { number, url } = await provider.createPullRequest(spec)
      expect(url).toBe(`${world.host.url}/lg/cars/pulls/1`)
      expect(await provider.find(spec)).toMatchObject({ number, repository: world.repository })
      const ssh = { ...world.repository, transport: 'ssh', owner: 'lg', path: 'lg/cars.git' } as const
      expect(await provider.get({ repository: ssh, number })).toMatchObject({ number })
    },
  )

  it('that gives smaller pages than it is asked for is read to the end', async () => {
    await world.close()
    world = await createWorld({ pageLimit: 20 })
    const { cars, provider, repository } = world
    for (let index = 0; index < 45; index++) {
      cars.state.labels.push({ id: 100 + index, name: `label-${index}`, color: 'ff0000' })
      cars.state.milestones.push({ number: 100 + index, title: `plan v9.${index}`, state: 'open' })
    }
    cars.state.milestones.push({ number: 999, title: 'v9', state: 'closed' })
    const spec = await world.propose({ labels: ['label-44'], milestone: 'v9' })
    const { number } = await provider.createPullRequest(spec)
    const sent = world.sent()
    expect(sent.filter((line) => line === 'GET /labels')).toHaveLength(3)
    expect(sent.filter((line) => line === 'GET /milestones')).toHaveLength(3)
    expect(await provider.get({ repository, number })).toMatchObject({
      labels: ['label-44'],
      milestone: 'v9',
    })
  })

  it('that does not tell how many there are is read until nothing comes', async () => {
    const { cars, host, repository } = world
    const withoutTotal: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      const headers = new Headers(answer.headers)
      headers.delete('x-total-count')
      headers.delete('link')
      return new Response(answer.body, { status: answer.status, headers })
    }
    for (let index = 0; index < 60; index++) {
      cars.state.labels.push({ id: 100 + index, name: `label-${index}`, color: 'ff0000' })
    }
    const provider = world.providerWith({ fetch: withoutTotal, labels: 'require' })
    const { number } = await provider.createPullRequest(await world.propose({ labels: ['label-59'] }))
    expect((await provider.get({ repository, number })).labels).toEqual(['label-59'])
    await failure(
      provider.createPullRequest(await world.propose({ head: 'b', labels: ['none'] })),
      'UNKNOWN_LABEL',
    )
    expect(host.requests.entries.at(-1)?.path).toBe('/orgs/lg/labels')
  })

  it('that answers nothing where there should be something has not done it', async () => {
    const { host, provider, repository, cars } = world
    const spec = await world.propose({ labels: ['user/bot'] })
    host.addFault({ type: 'status', status: 200 }, { times: 1, on: { path: /labels$/ } })
    expect(await failure(provider.createPullRequest(spec), 'BAD_RESPONSE')).toMatchObject({
      reason: expect.stringContaining('empty'),
    })
    host.addFault({ type: 'status', status: 201 }, { times: 1, on: { method: 'POST', path: /pulls$/ } })
    await failure(provider.createPullRequest(spec), 'BAD_RESPONSE')
    expect(cars.state.pulls).toEqual([])
    host.addFault({ type: 'status', status: 200, body: null }, { times: 1, on: { path: /statuses$/ } })
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.checks({ repository, number })).toMatchObject({ state: 'none' })
  })
})

describe('a creation', () => {
  it('that comes second takes the one that the refusal names, whatever lists show', async () => {
    const { host, provider, providerWith, cars } = world
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    host.addFault({ type: 'stale' }, { on: { method: 'GET', path: /pulls(?:\/main\/change)?$/ } })
    const clock = createSkippingClock({ longest: 30_000 })
    expect(await providerWith({ clock }).createPullRequest(spec)).toMatchObject({
      number,
      action: 'unchanged',
    })
    expect(cars.state.pulls).toHaveLength(1)
    expect(clock.waits).toEqual([])
  })

  it('with a step that fails is INCOMPLETE, and the same call repairs it', async () => {
    const { host, provider, repository } = world
    const spec = await world.propose({ labels: ['new'], reviewers: ['bob'] })
    host.addFault({ type: 'status', status: 500 }, { times: 1, on: { path: /requested_reviewers$/ } })
    const details = await failure(provider.createPullRequest(spec), 'INCOMPLETE')
    expect(details).toMatchObject({ failed: 'reviewers', pullRequest: { number: 1, state: 'open' } })
    expect(await provider.createPullRequest(spec)).toMatchObject({
      number: 1,
      action: 'updated',
      ignored: [],
    })
    expect(await provider.get({ repository, number: 1 })).toMatchObject({
      labels: ['new'],
      reviewers: ['bob'],
    })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
  })

  it('of a description of 100 KB keeps every character', async () => {
    const { provider, repository } = world
    const description = 'läng 🚗\n'.repeat(10_000)
    const { number } = await provider.createPullRequest(await world.propose({ description }))
    expect((await provider.get({ repository, number })).description).toBe(description.trimEnd())
  })

  it('works without issues, and not without pull requests', async () => {
    const { cars, provider, repository } = world
    cars.settings.issues = false
    const spec = await world.propose({ labels: ['user/bot'], assignees: ['alice'], milestone: 'v1' })
    const { ignored, number } = await provider.createPullRequest(spec)
    expect(ignored).toEqual([])
    cars.settings.pullRequests = false
    await failure(provider.createPullRequest(spec), 'UNSUPPORTED')
    await failure(provider.get({ repository, number }), 'UNSUPPORTED')
  })

  it('that changes base and title changes neither when the base is not there', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const call = provider.update({ repository, number }, { title: 'Other', base: 'absent' })
    expect(await failure(call, 'BRANCH_NOT_FOUND')).toMatchObject({ branch: 'absent' })
    expect(cars.state.pulls[0]?.title).toBe('Change a car')
    await cars.git.commit({ branch: 'later', from: 'change', files: { later: 'x' } })
    for (const [base, code] of [
      ['change', 'VALIDATION'],
      ['later', 'NO_CHANGES'],
    ] as const) {
      await failure(provider.update({ repository, number }, { title: 'Other', base }), code)
    }
    expect(cars.state.pulls[0]).toMatchObject({ title: 'Change a car', base: 'main' })
  })
})

describe('auto-merge', () => {
  it('is scheduled once, and may be taken back', async () => {
    const { cars, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const spec = await world.propose({ autoMerge: { method: 'squash' } })
    const { number, ignored } = await provider.createPullRequest(spec)
    expect(ignored).toEqual([])
    expect(cars.state.pulls[0]?.autoMerge).toBe('squash')
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged', ignored: [] })
    expect(await provider.update({ repository, number }, { autoMerge: false })).toMatchObject({
      action: 'updated',
    })
    expect(await provider.update({ repository, number }, { autoMerge: false })).toMatchObject({
      action: 'unchanged',
    })
    expect(cars.state.pulls[0]?.autoMerge).toBeUndefined()
  })

  it('merges at once when there is nothing to wait for', async () => {
    for (const flavour of [gitea123, forgejo]) {
      await world.close()
      world = await createWorld({}, flavour)
      const spec = await world.propose({ autoMerge: { deleteBranch: true } })
      expect(await world.provider.createPullRequest(spec)).toMatchObject({
        ignored: [],
        action: 'created',
        state: 'merged',
      })
      expect((await world.cars.git.branches())['change']).toBeUndefined()
    }
  })

  it('of a draft is left out, and Gitea says why', async () => {
    const { provider } = world
    const spec = await world.propose({ autoMerge: true, draft: true })
    expect((await provider.createPullRequest(spec)).ignored).toMatchObject([
      { field: 'autoMerge', reason: 'Work in progress PRs cannot be merged' },
    ])
  })

  it('leaves the branch where the version cannot delete it', async () => {
    for (const [version, deletes] of [
      ['1.23.8', false],
      ['1.24.0', true],
      ['7.0.12+gitea-1.21.11', false],
      ['10.0.1+gitea-1.22.0', true],
    ] as const) {
      await world.close()
      world = await createWorld({ version }, gitea123)
      world.cars.settings.requiredChecks = ['ci']
      const spec = await world.propose({ autoMerge: { deleteBranch: true } })
      const { ignored } = await world.provider.createPullRequest(spec)
      expect(ignored.map(({ field }) => field)).toEqual(deletes ? [] : ['autoMerge'])
      const merge = world.host.requests.entries.findLast(({ path }) => path.endsWith('/merge'))
      expect(merge?.body).toEqual({
        Do: 'merge',
        merge_when_checks_succeed: true,
        ...(deletes && { delete_branch_after_merge: true }),
      })
    }
  })
})
