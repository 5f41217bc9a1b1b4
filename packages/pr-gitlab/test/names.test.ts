import { failure } from '@lg/host-tests'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const posts = (): readonly unknown[] =>
  world.host.requests.entries
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/merge_requests'))
    .map(({ body }) => body)

describe('names', () => {
  it('go in one request with the rest, people and the milestone as numbers', async () => {
    const { provider } = world
    const names = { labels: ['user/bot', 'a b'], assignees: ['Alice'], reviewers: ['bob'], milestone: '2' }
    const { number, ignored } = await provider.createPullRequest(await world.propose(names))
    expect(ignored).toEqual([])
    expect(posts()).toMatchObject([
      { labels: 'user/bot,a b', assignee_ids: [2], reviewer_ids: [3], milestone_id: 17 },
    ])
    expect(await provider.get({ repository: world.repository, number })).toMatchObject({
      labels: ['user/bot', 'a b'],
      assignees: ['alice'],
      reviewers: ['bob'],
      milestone: '2',
    })
  })

  it('of milestones are exact, groups above included, and an open one wins', async () => {
    const { cars, provider, repository } = world
    cars.state.milestones.push({ number: 40, title: 'v1', state: 'closed', inherited: true })
    cars.state.milestones.push({ number: 41, title: 'v10', state: 'open' })
    const { number } = await provider.createPullRequest(await world.propose({ milestone: 'v1' }))
    expect(cars.state.pulls[0]?.milestone).toBe(11)
    expect((await provider.get({ repository, number })).milestone).toBe('v1')
    cars.state.milestones.push({ number: 42, title: 'v1', state: 'open', inherited: true })
    const spec = await world.propose({ head: 'other', milestone: 'v1' })
    await failure(provider.createPullRequest(spec), 'UNKNOWN_MILESTONE')
  })

  it('are looked up before anything is made', async () => {
    const { provider, host } = world
    const spec = await world.propose({ labels: ['new'] })
    for (const [fields, code] of [
      [{ assignees: ['nobody'] }, 'UNKNOWN_USER'],
      [{ reviewers: ['nobody'] }, 'UNKNOWN_USER'],
      [{ milestone: 'v3' }, 'UNKNOWN_MILESTONE'],
      [{ labels: ['one, two'] }, 'VALIDATION'],
      [{ labels: ['x'.repeat(256)] }, 'VALIDATION'],
      [{ title: 'Draft: cars' }, 'VALIDATION'],
    ] as const) {
      await failure(provider.createPullRequest({ ...spec, ...fields }), code)
    }
    expect(host.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('of a label on page 3 are found, have a case, and are no numbers', async () => {
    const { cars, provider } = world
    for (let id = 100; id < 350; id++) cars.state.labels.push({ id, name: `old-${id}`, color: '#000000' })
    cars.state.labels.push({ id: 999, name: '100', color: '#000000' })
    const { warnings } = await provider.createPullRequest(
      await world.propose({ labels: ['100', 'User/Bot'] }),
    )
    expect(warnings).toMatchObject([{ code: 'LABEL_CREATED', message: expect.stringContaining('User/Bot') }])
    expect(world.sent().filter((line) => line === 'GET /labels')).toHaveLength(3)
  })

  it('of labels that are not there are made, with a colour where one is given', async () => {
    const { cars, provider, providerWith, repository } = world
    const { warnings } = await provider.createPullRequest(await world.propose({ labels: ['new'] }))
    expect(warnings).toMatchObject([{ code: 'LABEL_CREATED', field: 'labels' }])
    expect(cars.state.labels.at(-1)).toMatchObject({ name: 'new', color: '#6699cc' })
    const green = providerWith({ labelColor: '00ff00' })
    const spec = await world.propose({ head: 'b', labels: ['green', 'user/bot'] })
    const { number } = await green.createPullRequest(spec)
    expect(cars.state.labels.at(-1)).toMatchObject({ name: 'green', color: '#00ff00' })
    expect((await green.get({ repository, number })).labels.toSorted()).toEqual(['green', 'user/bot'])
    const again = await green.createPullRequest({ ...spec, labels: ['red'] })
    expect(again).toMatchObject({ action: 'updated', warnings: [{ code: 'LABEL_CREATED' }] })
    expect(cars.state.labels.at(-1)).toMatchObject({ name: 'red', color: '#00ff00' })
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

  it('of 300 labels are all set', async () => {
    const labels = Array.from({ length: 300 }, (_, index) => `label-${index}`)
    const { number, ignored } = await world.provider.createPullRequest(await world.propose({ labels }))
    expect(ignored).toEqual([])
    expect((await world.provider.get({ repository: world.repository, number })).labels).toHaveLength(300)
  })
})

describe('what GitLab drops without a word', () => {
  it('is read back and told', async () => {
    const { cars, provider, repository } = world
    cars.settings.makeLabels = false
    cars.settings.peopleLimit = 1
    cars.settings.outsiders = ['carol']
    const spec = await world.propose({
      labels: ['user/bot', 'new'],
      assignees: ['alice', 'bob'],
      reviewers: ['carol'],
    })
    const { ignored, number, warnings } = await provider.createPullRequest(spec)
    expect(ignored.map(({ field, values }) => [field, values])).toEqual([
      ['labels', ['new']],
      ['assignees', ['bob']],
      ['reviewers', ['carol']],
    ])
    expect(warnings).toEqual([])
    expect(await provider.get({ repository, number })).toMatchObject({
      labels: ['user/bot'],
      assignees: ['alice'],
      reviewers: [],
    })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged', ignored })
  })

  it('of a milestone that has just gone is told', async () => {
    const { cars, host, provider } = world
    const spec = await world.propose({ milestone: 'v1' })
    const remove = async (): Promise<void> => void cars.state.milestones.splice(0, 1)
    host.addFault({ type: 'intercept', run: remove }, { times: 1, on: { method: 'POST' } })
    const { ignored } = await provider.createPullRequest(spec)
    expect(ignored).toMatchObject([{ field: 'milestone', values: ['v1'] }])
  })

  it('is INCOMPLETE for a strict spec', async () => {
    const { cars, provider } = world
    cars.settings.makeLabels = false
    const spec = await world.propose({ labels: ['new'], strict: true })
    expect(await failure(provider.createPullRequest(spec), 'INCOMPLETE')).toMatchObject({
      failed: 'labels',
      pullRequest: { number: 1, state: 'open' },
    })
  })

  it('is known beforehand where the plan is', async () => {
    const free = world.providerWith({ peopleLimit: 1 })
    const spec = await world.propose({ assignees: ['alice', 'bob'] })
    await failure(free.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
    expect((await free.createPullRequest(spec)).ignored).toMatchObject([
      { field: 'assignees', values: ['bob'] },
    ])
  })
})
