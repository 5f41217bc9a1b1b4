import { failure } from '@lg/host-tests'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, forgejo, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const changed = (): readonly string[] => world.sent().filter((line) => !line.startsWith('GET'))

describe('labels', () => {
  const idsSent = (): unknown =>
    world.host.requests.entries.find(({ method, path }) => method === 'POST' && path.endsWith('/pulls'))?.body

  it('go by their numbers, those of the organisation as well', async () => {
    const { host, provider, repository } = world
    host.organizationLabels('lg').push({ id: 77, name: 'team/garage', color: '00ff00' })
    const spec = await world.propose({ labels: ['user/bot', 'team/garage'] })
    const { number, warnings } = await provider.createPullRequest(spec)
    expect(warnings).toEqual([])
    expect(idsSent()).toMatchObject({ labels: [1, 77] })
    expect((await provider.get({ repository, number })).labels).toEqual(['user/bot', 'team/garage'])
    await provider.update({ repository, number }, { labels: { remove: ['team/garage'] } })
    expect((await provider.get({ repository, number })).labels).toEqual(['user/bot'])
  })

  it('of an organisation that the token may not read are not seen; a person has none', async () => {
    const { host, provider } = world
    const words = 'token does not have at least one of required scope(s): [read:organization]'
    const fault = { type: 'status', status: 403, body: { message: words } } as const
    host.addFault(fault, { times: 1, on: { path: /^\/orgs/ } })
    const { warnings } = await provider.createPullRequest(await world.propose({ labels: ['new'] }))
    expect(warnings).toMatchObject([{ code: 'LABEL_CREATED' }])
    const mine = await host.addRepository({ owner: 'ann', name: 'boats' })
    await mine.git.commit({ branch: 'change', files: { x: 'x' } })
    const repository = { ...world.repository, owner: 'ann', name: 'boats', url: host.cloneUrl(mine) }
    const spec = { repository, head: 'change', base: 'main', title: 'x', labels: ['new'] }
    expect((await provider.createPullRequest(spec)).warnings).toMatchObject([{ code: 'LABEL_CREATED' }])
  })

  it('that are not there are made, refused or left out', async () => {
    const { cars, providerWith, repository } = world
    const spec = await world.propose({ labels: ['user/bot', 'new'] })
    const requiring = providerWith({ labels: 'require' })
    expect(await failure(requiring.createPullRequest(spec), 'UNKNOWN_LABEL')).toMatchObject({
      labels: ['new'],
    })
    const ignoring = providerWith({ labels: 'ignore' })
    await failure(ignoring.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
    expect(changed()).toEqual([])
    const { ignored, number } = await ignoring.createPullRequest(spec)
    expect(ignored).toMatchObject([{ field: 'labels', values: ['new'] }])
    const making = providerWith({ labelColor: '00ff00' })
    expect(await making.createPullRequest(spec)).toMatchObject({
      action: 'updated',
      warnings: [{ code: 'LABEL_CREATED', field: 'labels' }],
    })
    expect(cars.state.labels.at(-1)).toMatchObject({ name: 'new', color: '00ff00' })
    expect((await making.get({ repository, number })).labels).toEqual(['user/bot', 'new'])
  })

  it('may be 300', async () => {
    const { cars, provider, repository } = world
    const labels = Array.from({ length: 300 }, (_, index) => `label-${index}`)
    for (const [index, name] of labels.entries()) {
      cars.state.labels.push({ id: 100 + index, name, color: 'ff0000' })
    }
    const { number, ignored } = await provider.createPullRequest(await world.propose({ labels }))
    expect(ignored).toEqual([])
    expect((await provider.get({ repository, number })).labels).toEqual(labels)
    expect(changed()).toEqual(['POST /pulls'])
  })
})

describe('a milestone', () => {
  it('goes by its whole title, also when that is a number', async () => {
    const { cars, provider, repository } = world
    cars.state.milestones.push(
      { number: 2, title: 'v2', state: 'open' },
      { number: 8, title: '2', state: 'closed' },
      { number: 9, title: 'V1', state: 'open' },
    )
    const { number } = await provider.createPullRequest(await world.propose({ milestone: '2' }))
    expect((await provider.get({ repository, number })).milestone).toBe('2')
    expect(cars.state.pulls[0]?.milestone).toBe(7)
    await provider.update({ repository, number }, { milestone: 'V1' })
    expect(cars.state.pulls[0]?.milestone).toBe(9)
    cars.state.milestones.push({ number: 10, title: '2', state: 'open' })
    const spec = await world.propose({ head: 'other', milestone: '2' })
    await failure(provider.createPullRequest(spec), 'UNKNOWN_MILESTONE')
  })

  it('is taken away through the issue', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose({ milestone: 'v1' }))
    world.sent()
    expect(await provider.update({ repository, number }, { milestone: null })).toMatchObject({
      action: 'updated',
    })
    expect(changed()).toEqual(['PATCH /issues/1'])
    expect(cars.state.pulls[0]?.milestone).toBeUndefined()
  })

  it('that goes away in between is INCOMPLETE: Gitea answers 500 to it, without a word', async () => {
    const { cars, host, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const drop = async (): Promise<void> => void cars.state.milestones.splice(0, 1)
    host.addFault({ type: 'intercept', run: drop }, { times: 1, on: { method: 'PATCH', path: /issues/ } })
    const call = provider.update({ repository, number }, { milestone: 'v1' })
    expect(await failure(call, 'INCOMPLETE')).toMatchObject({ failed: 'milestone' })
  })
})

describe('a draft', () => {
  it('is one by the beginning of its title, which is not shown', async () => {
    const { cars, provider, repository } = world
    const spec = await world.propose({ draft: true })
    const { number } = await provider.createPullRequest(spec)
    const [pull] = cars.state.pulls
    expect(pull?.title).toBe('WIP: Change a car')
    expect(await provider.get({ repository, number })).toMatchObject({ title: 'Change a car', draft: true })
    expect(await provider.createPullRequest({ ...spec, title: 'Change two cars' })).toMatchObject({
      action: 'updated',
      warnings: [],
    })
    expect(pull?.title).toBe('WIP: Change two cars')
    if (pull !== undefined) pull.title = '[wip] Change two cars'
    expect(await provider.createPullRequest({ ...spec, title: 'Change two cars' })).toMatchObject({
      action: 'unchanged',
      warnings: [],
    })
    await provider.update({ repository, number }, { title: 'Faster', draft: false })
    expect(pull?.title).toBe('Faster')
  })

  it('is asked for by a title that makes one', async () => {
    const { cars, provider, repository } = world
    const spec = await world.propose({ title: 'WIP: Change a car' })
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged', warnings: [] })
    expect(cars.state.pulls[0]?.title).toBe('WIP: Change a car')
    const contradiction = { ...spec, draft: false }
    await failure(provider.createPullRequest(contradiction), 'VALIDATION')
    await failure(provider.update({ repository, number }, { title: '[WIP] x', draft: false }), 'VALIDATION')
  })

  it('needs the prefix that the server has', async () => {
    await world.close()
    world = await createWorld({ draftPrefixes: ['Entwurf:'] })
    const { cars, provider, providerWith, repository } = world
    const spec = await world.propose({ draft: true })
    const first = await provider.createPullRequest(spec)
    expect(first.ignored).toMatchObject([{ field: 'draft', reason: expect.stringContaining('draftPrefix') }])
    expect(cars.state.pulls[0]?.title).toBe('Change a car')
    expect(await provider.createPullRequest(spec)).toMatchObject({
      action: 'unchanged',
      ignored: [{ field: 'draft' }],
      warnings: [],
    })
    const strict = await world.propose({ head: 'b', draft: true, strict: true })
    expect(await failure(provider.createPullRequest(strict), 'INCOMPLETE')).toMatchObject({ failed: 'draft' })
    const knowing = providerWith({ draftPrefix: 'Entwurf:' })
    const { number } = await knowing.createPullRequest(await world.propose({ head: 'c', draft: true }))
    expect(await knowing.get({ repository, number })).toMatchObject({ title: 'Change a car', draft: true })
    await provider.update({ repository, number }, { draft: false }).then(({ ignored }) => {
      expect(ignored).toMatchObject([{ field: 'draft' }])
    })
    await knowing.update({ repository, number }, { draft: false })
    expect(cars.state.pulls[2]?.title).toBe('Change a car')
  })
})

describe('people', () => {
  it('and teams are asked for a review in JSON, whatever the library sends by itself', async () => {
    const { host, provider, repository } = world
    const spec = await world.propose({ reviewers: ['bob'], teamReviewers: ['garage'] })
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.get({ repository, number })).toMatchObject({
      reviewers: ['bob'],
      teamReviewers: ['garage'],
    })
    await provider.update(
      { repository, number },
      { reviewers: { add: ['alice'], remove: ['bob'] }, teamReviewers: { remove: ['garage'] } },
    )
    expect(await provider.get({ repository, number })).toMatchObject({
      reviewers: ['alice'],
      teamReviewers: [],
    })
    const asked = host.requests.entries.filter(({ path }) => path.endsWith('/requested_reviewers'))
    expect(asked.map(({ headers }) => headers['content-type'])).toEqual(Array(3).fill('application/json'))
  })

  it('are asked apart from the creation, which Forgejo takes no reviewers with', async () => {
    await world.close()
    world = await createWorld({}, forgejo)
    const { host, provider, repository } = world
    const spec = await world.propose({ reviewers: ['bob'], teamReviewers: ['pit'], assignees: ['alice'] })
    const { number } = await provider.createPullRequest(spec)
    const create = host.requests.entries.find(({ method }) => method === 'POST')
    expect(create?.body).toMatchObject({ assignees: ['alice'] })
    expect(create?.body).not.toHaveProperty('reviewers')
    expect(await provider.get({ repository, number })).toMatchObject({
      reviewers: ['bob'],
      teamReviewers: ['pit'],
    })
  })

  it('whose repository has no teams are told so', async () => {
    await world.close()
    world = await createWorld({ organizations: [] })
    const spec = await world.propose({ teamReviewers: ['garage'] })
    const { ignored, action } = await world.provider.createPullRequest(spec)
    expect(action).toBe('created')
    expect(ignored).toMatchObject([{ field: 'teamReviewers', values: ['garage'] }])
    expect((await world.provider.createPullRequest(spec)).action).toBe('unchanged')
  })

  it('are looked up before anything is made, as far as the token may', async () => {
    const { host, provider } = world
    for (const fields of [{ assignees: ['nobody'] }, { reviewers: ['nobody'] }]) {
      const call = provider.createPullRequest(await world.propose(fields))
      expect(await failure(call, 'UNKNOWN_USER')).toMatchObject({ users: ['nobody'] })
    }
    expect(changed()).toEqual([])
    host.addFault({ type: 'status', status: 403, body: { message: 'scope' } }, { on: { path: /^\/users/ } })
    const spec = await world.propose({ reviewers: ['bob'] })
    expect((await provider.createPullRequest(spec)).ignored).toEqual([])
    const unknown = provider.createPullRequest({ ...spec, reviewers: ['nobody'] })
    expect(await failure(unknown, 'INCOMPLETE')).toMatchObject({ failed: 'reviewers' })
    const team = provider.createPullRequest({ ...spec, teamReviewers: ['nobodies'] })
    expect(await failure(team, 'INCOMPLETE')).toMatchObject({ failed: 'reviewers' })
  })

  it('that Gitea does not know after all are UNKNOWN_USER', async () => {
    const message = 'Assignee does not exist: [name: user does not exist [uid: 0, name: alice]]'
    const fault = { type: 'status', status: 422, body: { message } } as const
    world.host.addFault(fault, { on: { method: 'POST', path: /pulls$/ } })
    const call = world.provider.createPullRequest(await world.propose({ assignees: ['alice'] }))
    expect(await failure(call, 'UNKNOWN_USER')).toMatchObject({ users: ['alice'], step: 'create' })
  })

  it('do not review their own, and are not asked again once they have', async () => {
    const { cars, host, provider } = world
    const spec = await world.propose({ reviewers: [host.login, 'alice', 'bob'] })
    const { ignored } = await provider.createPullRequest(spec)
    expect(ignored).toMatchObject([{ field: 'reviewers', values: [host.login] }])
    const [pull] = cars.state.pulls
    pull?.reviewed.push('alice')
    pull?.reviewers.splice(0, 1)
    world.sent()
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
    expect(changed()).toEqual([])
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
    pull.milestone = undefined
    const again = await provider.createPullRequest({ ...spec, title: 'Other', description: 'Other.' })
    expect(again.action).toBe('unchanged')
    expect(again.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'KEPT title',
      'KEPT description',
      'KEPT draft',
      'KEPT milestone',
    ])
    expect(await provider.get({ repository, number })).toMatchObject({
      title: 'A better title',
      description: 'A better reason.',
      draft: false,
    })
  })

  it('who change a description in the same moment are not overwritten, where the version can tell', async () => {
    const { cars, host, provider, repository } = world
    const spec = await world.propose({ description: 'Why.' })
    const { number } = await provider.createPullRequest(spec)
    const theirs = async (): Promise<void> => {
      const [pull] = cars.state.pulls
      if (pull !== undefined) pull.body = pull.body.replace('Why.', 'Theirs.')
    }
    host.addFault({ type: 'intercept', run: theirs }, { times: 1, on: { method: 'PATCH' } })
    const again = { ...spec, description: 'Ours.' }
    expect(await failure(provider.createPullRequest(again), 'INCOMPLETE')).toMatchObject({ failed: 'update' })
    expect(await provider.createPullRequest(again)).toMatchObject({ warnings: [{ field: 'description' }] })
    expect((await provider.get({ repository, number })).description).toBe('Theirs.')
    const more = async (): Promise<void> => {
      const [pull] = cars.state.pulls
      if (pull !== undefined) pull.body = 'More.'
    }
    host.addFault({ type: 'intercept', run: more }, { times: 1, on: { method: 'PATCH' } })
    await failure(provider.update({ repository, number }, { description: 'Ours.' }), 'CONFLICT')
    expect(cars.state.pulls[0]?.body).toBe('More.')
  })
})

describe('what Gitea drops without a word', () => {
  it('is read back and told, or INCOMPLETE for a strict call', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    cars.settings.push = false
    const changes = { assignees: { add: ['alice'] }, milestone: 'v1' }
    const { ignored, action } = await provider.update({ repository, number }, changes)
    expect(action).toBe('unchanged')
    expect(ignored.map(({ field, values }) => [field, values])).toEqual([
      ['assignees', ['alice']],
      ['milestone', ['v1']],
    ])
    const strict = provider.update({ repository, number }, { ...changes, strict: true })
    expect(await failure(strict, 'INCOMPLETE')).toMatchObject({ failed: 'assignees' })
  })

  it('are labels by number that have gone', async () => {
    const { cars, host, provider } = world
    const spec = await world.propose({ labels: ['user/bot', 'kind/update'] })
    const drop = async (): Promise<void> => void cars.state.labels.splice(0, 1)
    host.addFault({ type: 'intercept', run: drop }, { times: 1, on: { method: 'POST', path: /pulls$/ } })
    expect((await provider.createPullRequest(spec)).ignored).toMatchObject([
      { field: 'labels', values: ['user/bot'] },
    ])
  })
})
