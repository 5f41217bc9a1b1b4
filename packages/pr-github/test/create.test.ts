import { failure } from '@lg/host-tests'
import { createSkippingClock } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const clock = (): ReturnType<typeof createSkippingClock> => createSkippingClock({ longest: 30_000 })

describe('the head', () => {
  it('always goes with its owner, to find and to create', async () => {
    const { provider, host } = world
    await provider.createPullRequest(await world.propose({ head: 'other' }))
    await provider.createPullRequest(await world.propose({ head: 'feature/x' }))
    const [find] = host.requests.entries
      .filter(({ method, query }) => method === 'GET' && query.has('head'))
      .slice(-1)
    const [create] = host.requests.entries
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/pulls'))
      .slice(-1)
    expect(find?.query.get('head')).toBe('lg:feature/x')
    expect(create?.body).toMatchObject({ head: 'lg:feature/x' })
  })

  it('may be in a fork of somebody else', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'ann', name: 'cars', forkOf: cars })
    await fork.git.commit({ branch: 'change', files: { 'fork.yaml': 'x: 1\n' } })
    await world.propose()
    const headRepository = { ...repository, owner: 'ann', path: '/ann/cars.git', url: host.cloneUrl(fork) }
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    expect(await provider.get({ repository, number })).toMatchObject({
      headRepository: { owner: 'ann', name: 'cars' },
      headCommit: (await fork.git.branches())['change'],
    })
    expect(await provider.find({ repository, head: 'change', base: 'main' })).toBeUndefined()
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect((await fork.git.branches())['change']).toBeUndefined()
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('may be in a fork of the same owner, which no filter finds', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'lg', name: 'cars-fork', forkOf: cars })
    await fork.git.commit({ branch: 'change', files: { 'fork.yaml': 'x: 1\n' } })
    const headRepository = {
      ...repository,
      name: 'cars-fork',
      path: '/lg/cars-fork.git',
      url: host.cloneUrl(fork),
    }
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    expect(host.requests.entries.find(({ method }) => method === 'POST')?.body).toMatchObject({
      head_repo: 'cars-fork',
    })
  })
})

describe('names', () => {
  it('of a milestone on page 3 are found', async () => {
    const { cars, provider, repository } = world
    for (let number = 100; number < 350; number++) {
      cars.state.milestones.push({ number, title: `old-${number}`, state: 'closed' })
    }
    cars.state.milestones.push({ number: 999, title: 'last', state: 'open' })
    const { number } = await provider.createPullRequest(await world.propose({ milestone: 'last' }))
    expect((await provider.get({ repository, number })).milestone).toBe('last')
    expect(world.sent().filter((line) => line === 'GET /milestones')).toHaveLength(3)
  })

  it('of a milestone that look like a number are titles, and an open one wins', async () => {
    const { cars, provider, repository } = world
    cars.state.milestones.push(
      { number: 2, title: 'v2', state: 'open' },
      { number: 8, title: '2', state: 'closed' },
    )
    const { number } = await provider.createPullRequest(await world.propose({ milestone: '2' }))
    expect((await provider.get({ repository, number })).milestone).toBe('2')
    cars.state.milestones.push({ number: 9, title: '2', state: 'open' })
    const spec = await world.propose({ head: 'other', milestone: '2' })
    expect(await failure(provider.createPullRequest(spec), 'UNKNOWN_MILESTONE')).toMatchObject({
      milestone: '2',
    })
  })

  it('are looked up before anything is made', async () => {
    const { provider, host } = world
    const spec = await world.propose({ labels: ['new'] })
    for (const [fields, code] of [
      [{ assignees: ['nobody'] }, 'UNKNOWN_USER'],
      [{ reviewers: ['nobody'] }, 'UNKNOWN_USER'],
      [{ milestone: 'v3' }, 'UNKNOWN_MILESTONE'],
      [{ labels: ['x'.repeat(51)] }, 'VALIDATION'],
      [{ labels: Array.from({ length: 300 }, (_, index) => `label-${index}`) }, 'VALIDATION'],
    ] as const) {
      await failure(provider.createPullRequest({ ...spec, ...fields }), code)
    }
    expect(host.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('of labels that are not there are made, with a colour where one is given', async () => {
    const { cars, providerWith } = world
    const { warnings } = await world.provider.createPullRequest(
      await world.propose({ labels: ['User/Bot', 'new'] }),
    )
    expect(warnings).toMatchObject([{ code: 'LABEL_CREATED', field: 'labels' }])
    expect(cars.state.labels.map(({ name, color }) => `${name} ${color}`)).toContain('new ededed')
    await providerWith({ labelColor: '00ff00' }).createPullRequest(
      await world.propose({ head: 'b', labels: ['green'] }),
    )
    expect(cars.state.labels.at(-1)).toMatchObject({ name: 'green', color: '00ff00' })
  })

  it('of labels that are not there are refused or left out on request', async () => {
    const spec = await world.propose({ labels: ['user/bot', 'new'] })
    const requiring = world.providerWith({ labels: 'require' })
    expect(await failure(requiring.createPullRequest(spec), 'UNKNOWN_LABEL')).toMatchObject({
      labels: ['new'],
    })
    const ignoring = world.providerWith({ labels: 'ignore' })
    await failure(ignoring.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
    const { ignored, number } = await ignoring.createPullRequest(spec)
    expect(ignored).toMatchObject([{ field: 'labels', values: ['new'] }])
    expect((await ignoring.get({ repository: world.repository, number })).labels).toEqual(['user/bot'])
  })
})

describe('what GitHub drops without a word', () => {
  it('is read back and told', async () => {
    const { cars, host, provider, repository } = world
    const spec = await world.propose({ labels: ['user/bot'], assignees: ['alice'], milestone: 'v1' })
    // The right to write is lost between the creation and the rest.
    const lose = async (): Promise<void> => void (cars.settings.push = false)
    host.addFault({ type: 'intercept', run: lose }, { times: 1, on: { method: 'POST', path: /labels$/ } })
    const { ignored, number } = await provider.createPullRequest(spec)
    expect(ignored.map(({ field, values }) => [field, values])).toEqual([
      ['labels', ['user/bot']],
      ['assignees', ['alice']],
      ['milestone', ['v1']],
    ])
    expect(await provider.get({ repository, number })).toMatchObject({ labels: [], assignees: [] })
  })

  it('is INCOMPLETE for a strict spec', async () => {
    const { cars, host, provider } = world
    const spec = await world.propose({ labels: ['user/bot'], strict: true })
    const lose = async (): Promise<void> => void (cars.settings.push = false)
    host.addFault({ type: 'intercept', run: lose }, { times: 1, on: { method: 'POST', path: /labels$/ } })
    expect(await failure(provider.createPullRequest(spec), 'INCOMPLETE')).toMatchObject({
      failed: 'labels',
      pullRequest: { number: 1, state: 'open' },
    })
  })

  it('of people who review their own is told', async () => {
    const spec = await world.propose({ reviewers: [world.host.login, 'bob'] })
    const { ignored, number } = await world.provider.createPullRequest(spec)
    expect(ignored).toMatchObject([{ field: 'reviewers', values: [world.host.login] }])
    expect((await world.provider.get({ repository: world.repository, number })).reviewers).toEqual(['bob'])
  })
})

describe('a repository without', () => {
  it('issues has no labels, assignees and milestones: ignored, or refused when strict', async () => {
    const { cars, provider } = world
    cars.settings.issues = false
    const spec = await world.propose({ labels: ['user/bot'], assignees: ['alice'], milestone: 'v1' })
    await failure(provider.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
    expect(cars.state.pulls).toEqual([])
    const { ignored } = await provider.createPullRequest(spec)
    expect(ignored.map(({ field }) => field).toSorted()).toEqual(['assignees', 'labels', 'milestone'])
    expect(ignored.every(({ reason }) => reason.includes('disabled'))).toBe(true)
  })

  it('issues may say so for names too', async () => {
    const { host, provider } = world
    host.addFault(
      { type: 'status', status: 410, body: { message: 'Issues has been disabled in this repository.' } },
      { on: { path: /\/(?:labels|assignees|assignees\/alice|milestones)$/ } },
    )
    const spec = await world.propose({ labels: ['user/bot'], assignees: ['alice'], milestone: 'v1' })
    await failure(provider.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
    const { ignored, action } = await provider.createPullRequest(spec)
    expect(action).toBe('created')
    expect(ignored.map(({ field }) => field).toSorted()).toEqual(['assignees', 'labels', 'milestone'])
  })

  it('drafts takes it as ready, or refuses when strict', async () => {
    const { cars, provider } = world
    cars.settings.drafts = false
    const spec = await world.propose({ draft: true })
    await failure(provider.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
    const first = await provider.createPullRequest(spec)
    expect(first.ignored).toMatchObject([{ field: 'draft' }])
    const again = await provider.createPullRequest(spec)
    expect(again).toMatchObject({ action: 'unchanged', ignored: [{ field: 'draft' }], warnings: [] })
    expect(
      await provider.update({ repository: world.repository, number: first.number }, { draft: true }),
    ).toMatchObject({
      action: 'unchanged',
      ignored: [{ field: 'draft' }],
    })
  })

  it('auto-merge says why', async () => {
    const { cars, provider } = world
    const first = await provider.createPullRequest(await world.propose({ autoMerge: true }))
    expect(first.ignored).toMatchObject([
      { field: 'autoMerge', reason: expect.stringContaining('clean status') },
    ])
    cars.settings.requiredChecks = ['ci']
    cars.settings.autoMerge = false
    const second = await provider.createPullRequest(await world.propose({ head: 'b', autoMerge: true }))
    expect(second.ignored).toMatchObject([{ reason: expect.stringContaining('not allowed') }])
    cars.settings.autoMerge = true
    const wanted = { head: 'c', autoMerge: { method: 'squash' } } as const
    const third = await provider.createPullRequest(await world.propose(wanted))
    expect(third.ignored).toEqual([])
    const locator = { repository: world.repository, number: third.number }
    expect((await provider.get(locator)).autoMerge).toBe(true)
    expect(await provider.update(locator, { autoMerge: false })).toMatchObject({ action: 'updated' })
    expect((await provider.get(locator)).autoMerge).toBe(false)
  })
})

describe('just after it was made', () => {
  it('steps that GitHub does not know it for yet are tried again', async () => {
    const { host, providerWith, repository } = world
    const node = { message: 'Could not resolve to a node with the global id of PR_1' }
    host.addFault(
      { type: 'status', status: 404, body: { message: 'Not Found' } },
      { times: 2, on: { path: /labels$/, method: 'POST' } },
    )
    host.addFault(
      { type: 'status', status: 422, body: node },
      { times: 3, on: { path: /requested_reviewers$/ } },
    )
    const waiting = clock()
    const provider = providerWith({ clock: waiting })
    const spec = await world.propose({ labels: ['user/bot'], reviewers: ['bob'] })
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.get({ repository, number })).toMatchObject({
      labels: ['user/bot'],
      reviewers: ['bob'],
    })
    expect(waiting.waits).toEqual([500, 1000, 500, 1000, 2000])
  })

  it('a step that keeps failing is INCOMPLETE, and the same call repairs it', async () => {
    const { host, provider, repository } = world
    const spec = await world.propose({ labels: ['user/bot'], assignees: ['alice'] })
    host.addFault({ type: 'status', status: 500 }, { times: 1, on: { path: /assignees$/, method: 'POST' } })
    const details = await failure(provider.createPullRequest(spec), 'INCOMPLETE')
    expect(details).toMatchObject({ failed: 'assignees', pullRequest: { number: 1 } })
    expect(await provider.createPullRequest(spec)).toMatchObject({
      number: 1,
      action: 'updated',
      ignored: [],
    })
    expect(await provider.get({ repository, number: 1 })).toMatchObject({
      labels: ['user/bot'],
      assignees: ['alice'],
    })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
  })
})

describe('people', () => {
  it('who have answered are not asked again', async () => {
    const { cars, provider, host } = world
    const spec = await world.propose({ reviewers: ['alice', 'bob'] })
    await provider.createPullRequest(spec)
    const [pull] = cars.state.pulls
    pull?.reviewed.push('alice')
    pull?.reviewers.splice(0, 1)
    host.requests.clear()
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
    expect(host.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('who change title, description, milestone or draft keep theirs; the marker is not shown', async () => {
    const { cars, provider, repository } = world
    const spec = await world.propose({ description: 'Why.', milestone: 'v1', draft: true })
    const { number } = await provider.createPullRequest(spec)
    expect((await provider.get({ repository, number })).description).toBe('Why.')
    const [pull] = cars.state.pulls
    if (pull === undefined) throw new Error('There is no pull request')
    pull.body = pull.body.replace('Why.', 'A better reason.\r\n')
    pull.title = 'A better title'
    pull.draft = false
    pull.milestone = undefined
    const again = await provider.createPullRequest({ ...spec, title: 'Other', description: 'Other.' })
    expect(again.action).toBe('unchanged')
    expect(again.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'KEPT title',
      'KEPT description',
      'KEPT draft',
      'KEPT milestone',
    ])
    const found = await provider.get({ repository, number })
    expect(found).toMatchObject({ title: 'A better title', description: 'A better reason.', draft: false })
    expect(found.milestone).toBeUndefined()
  })

  it('who opened it themselves keep their words', async () => {
    const { cars, provider } = world
    const spec = await world.propose({ title: 'Ours', description: 'Ours.' })
    await provider.createPullRequest(spec)
    const [pull] = cars.state.pulls
    if (pull === undefined) throw new Error('There is no pull request')
    pull.title = 'Theirs'
    pull.body = 'Theirs.'
    expect((await provider.createPullRequest(spec)).warnings).toHaveLength(2)
    expect(pull).toMatchObject({ title: 'Theirs', body: expect.stringMatching(/^Theirs\.\n\n<!-- lg /) })
  })
})
