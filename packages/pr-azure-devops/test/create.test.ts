import { failure } from '@lg/host-tests'
import type { HostPull } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const onlyPull = (): HostPull => {
  const [pull, ...others] = world.cars.state.pulls
  if (pull === undefined || others.length > 0) throw new Error('There is not one pull request')
  return pull
}
const posted = (): unknown =>
  world.host.requests.entries.findLast(
    ({ method, path }) => method === 'POST' && path.endsWith('/pullrequests'),
  )?.body

describe('the head', () => {
  it('is the full name of a ref, as is the base', async () => {
    const { provider, host, repository } = world
    const { number, url } = await provider.createPullRequest(await world.propose({ head: 'feature/x' }))
    expect(posted()).toMatchObject({
      sourceRefName: 'refs/heads/feature/x',
      targetRefName: 'refs/heads/main',
    })
    await provider.find({ repository, head: 'feature/x', base: 'main' })
    const find = host.requests.entries.findLast(({ query }) => query.has('searchCriteria.sourceRefName'))
    expect(find?.query.get('searchCriteria.sourceRefName')).toBe('refs/heads/feature/x')
    expect(url).toBe(`${host.url}/DefaultCollection/My%20Garage/_git/cars/pullrequest/${number}`)
  })

  it('is not one that only begins with its name', async () => {
    const { provider, repository } = world
    await world.propose({ head: 'change-2' })
    const call = provider.createPullRequest({ repository, head: 'change', base: 'main', title: 'x' })
    expect(await failure(call, 'BRANCH_NOT_FOUND')).toMatchObject({ branch: 'change' })
  })

  it('may be in a fork, where a branch of the same name is another one', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({
      owner: 'DefaultCollection/Other Garage',
      name: 'cars-fork',
      forkOf: cars,
    })
    await fork.git.commit({ branch: 'change', files: { 'fork.yaml': 'x: 1\n' } })
    const own = await provider.createPullRequest(await world.propose())
    const headRepository = {
      ...repository,
      owner: 'tfs/DefaultCollection/Other Garage',
      name: 'cars-fork',
      url: host.cloneUrl(fork),
    }
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    const { number } = await provider.createPullRequest(spec)
    expect(number).not.toBe(own.number)
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    expect(await provider.get({ repository, number })).toMatchObject({
      headRepository: { owner: headRepository.owner, name: 'cars-fork' },
      headCommit: (await fork.git.branches())['change'],
    })
    expect(await provider.find({ repository, head: 'change', base: 'main' })).toMatchObject({
      number: own.number,
    })
    const listed = await provider.list({ repository, head: 'change', headRepository })
    expect(listed.pullRequests.map((pull) => pull.number)).toEqual([number])
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect((await fork.git.branches())['change']).toBeUndefined()
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('in a fork that has nothing of its own is NO_CHANGES', async () => {
    const { host, cars, provider, repository } = world
    const owner = 'DefaultCollection/Other Garage'
    const fork = await host.addRepository({ owner, name: 'cars', forkOf: cars })
    await cars.git.commit({ branch: 'main', files: { later: 'x\n' } })
    const headRepository = { ...repository, owner: `tfs/${owner}`, url: host.cloneUrl(fork) }
    const spec = { repository, headRepository, head: 'main', base: 'main', title: 'x' }
    expect(await failure(provider.createPullRequest(spec), 'NO_CHANGES')).toMatchObject({ base: 'main' })
  })

  it('whose commits change no file is proposed, with an empty diff', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({ branch: 'change', files: { 'README.md': '# Cars\n' } })
    const { number } = await provider.createPullRequest({
      repository,
      head: 'change',
      base: 'main',
      title: 'x',
    })
    expect((await provider.diff({ repository, number })).files).toEqual([])
  })
})

describe('a description', () => {
  it('that lists cut is read whole, and the marker with it', async () => {
    const { provider, repository } = world
    const spec = await world.propose({ description: `Why: ${'because '.repeat(100)}`.trim() })
    const { number } = await provider.createPullRequest(spec)
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    const again = await provider.createPullRequest({ ...spec, title: 'Other' })
    expect(again).toMatchObject({ action: 'updated', warnings: [] })
    const { pullRequests } = await provider.list({ repository })
    expect(pullRequests.map(({ description }) => description)).toEqual([spec.description])
  })
})

describe('labels', () => {
  it('are made by being used, and go with the creation', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose({ labels: ['user/bot', 'new'] }))
    expect(cars.state.labels.map(({ name }) => name)).toEqual(['user/bot', 'new'])
    expect((await provider.get({ repository, number })).labels).toEqual(['user/bot', 'new'])
    expect(posted()).toMatchObject({ labels: [{ name: 'user/bot' }, { name: 'new' }] })
  })

  it('are taken away by their GUID, since a name may have a slash', async () => {
    const { provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose({ labels: ['user/bot', 'b'] }))
    world.sent()
    await provider.update({ repository, number }, { labels: { remove: ['User/Bot'], add: ['B', 'c'] } })
    expect((await provider.get({ repository, number })).labels).toEqual(['b', 'c'])
    const [remove] = world.sent().filter((line) => line.startsWith('DELETE'))
    expect(remove).toMatch(/^DELETE \/pullRequests\/\d+\/labels\/[0-9a-f-]{36}$/)
  })

  it('that the token may not make are told; those that are there are set', async () => {
    const { cars, provider, repository } = world
    await provider.createPullRequest(await world.propose({ head: 'a', labels: ['old'] }))
    cars.settings.makeLabels = false
    const spec = await world.propose({ labels: ['old', 'new'] })
    expect(await failure(provider.createPullRequest({ ...spec, strict: true }), 'FORBIDDEN')).toMatchObject({
      reason: expect.stringContaining('create tags'),
    })
    expect(cars.state.pulls).toHaveLength(1)
    const { number, ignored } = await provider.createPullRequest(spec)
    expect(ignored).toMatchObject([
      { field: 'labels', values: ['new'], reason: expect.stringContaining('TF401289') },
    ])
    expect((await provider.get({ repository, number })).labels).toEqual(['old'])
  })
})

describe('reviewers', () => {
  it('are found by mail address, shown name or GUID, and teams of the project without its name', async () => {
    const { provider, repository, host } = world
    const spec = await world.propose({
      reviewers: ['Alice@Example.com', 'bob'],
      teamReviewers: ['pit', '[My Garage]\\paint shop'],
    })
    const { number } = await provider.createPullRequest(spec)
    const found = await provider.get({ repository, number })
    expect(found).toMatchObject({
      reviewers: ['alice@example.com', 'bob@example.com'],
      teamReviewers: ['pit', 'paint shop'],
    })
    const ids = (posted() as { reviewers: readonly { id: string }[] }).reviewers.map(({ id }) => id)
    expect(ids).toHaveLength(4)
    const other = await world.propose({ head: 'other', reviewers: [ids[0] ?? ''] })
    const second = await provider.createPullRequest(other)
    expect((await provider.get({ repository, number: second.number })).reviewers).toEqual([
      'alice@example.com',
    ])
    host.requests.clear()
    expect(await provider.createPullRequest({ ...spec, reviewers: ['alice@example.com'] })).toMatchObject({
      action: 'unchanged',
    })
    expect(host.requests.entries.some(({ path }) => path.endsWith('/identities'))).toBe(false)
  })

  it('whose name two have are asked for by mail address', async () => {
    await world.close()
    world = await createWorld({ users: ['ann@example.com', 'ann@example.org'] })
    const { provider, repository, cars } = world
    const spec = await world.propose({ reviewers: ['ann'] })
    expect(await failure(provider.createPullRequest(spec), 'UNKNOWN_USER')).toMatchObject({ users: ['ann'] })
    expect(cars.state.pulls).toEqual([])
    const { number } = await provider.createPullRequest({ ...spec, reviewers: ['ann@example.org'] })
    expect((await provider.get({ repository, number })).reviewers).toEqual(['ann@example.org'])
  })

  it('are looked up before anything is made, people and groups apart', async () => {
    const { provider, host } = world
    const spec = await world.propose({ labels: ['new'] })
    for (const fields of [
      { reviewers: ['nobody@example.com', 'alice@example.com'] },
      { reviewers: ['[My Garage]\\pit'] },
      { teamReviewers: ['alice@example.com'] },
      { teamReviewers: ['[Other]\\nobody'] },
    ]) {
      await failure(provider.createPullRequest({ ...spec, ...fields }), 'UNKNOWN_USER')
    }
    expect(host.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('are asked in batches, and taken back by name or GUID', async () => {
    await world.close()
    const users = Array.from({ length: 130 }, (_, index) => `user-${index}@example.com`)
    world = await createWorld({ users })
    const { provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose({ reviewers: users }))
    expect((await provider.get({ repository, number })).reviewers).toHaveLength(130)
    expect(world.sent().filter((line) => line.endsWith('/reviewers'))).toHaveLength(1)
    await provider.update({ repository, number }, { reviewers: { remove: users.slice(1) } })
    expect((await provider.get({ repository, number })).reviewers).toEqual(['user-0@example.com'])
  })

  it('who have voted are not asked again', async () => {
    const { provider, host } = world
    const spec = await world.propose({ reviewers: ['alice@example.com', 'bob@example.com'] })
    await provider.createPullRequest(spec)
    const pull = onlyPull()
    pull.reviewed.push('alice@example.com')
    pull.reviewers.splice(0, 1)
    host.requests.clear()
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
    expect(host.requests.entries.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})

describe('what Azure DevOps lacks', () => {
  it('is ignored, or refused when strict', async () => {
    const { provider, cars } = world
    const spec = await world.propose({ assignees: ['alice@example.com'], milestone: 'v1' })
    await failure(provider.createPullRequest({ ...spec, strict: true }), 'UNSUPPORTED')
    expect(cars.state.pulls).toEqual([])
    const { ignored } = await provider.createPullRequest(spec)
    expect(ignored).toMatchObject([
      { field: 'assignees', values: ['alice@example.com'] },
      { field: 'milestone', values: ['v1'] },
    ])
  })
})

describe('auto-complete', () => {
  it('is set in the own name with what is asked for, and taken away', async () => {
    const { cars, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const spec = await world.propose({ autoMerge: { method: 'squash', deleteBranch: true } })
    const { number, ignored } = await provider.createPullRequest(spec)
    expect(ignored).toEqual([])
    const [change] = world.host.requests.entries.filter(({ method }) => method === 'PATCH')
    expect(change?.body).toMatchObject({
      autoCompleteSetBy: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      completionOptions: { mergeStrategy: 'squash', deleteSourceBranch: true },
    })
    expect((await provider.get({ repository, number })).autoMerge).toBe(true)
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
    expect(await provider.update({ repository, number }, { autoMerge: false })).toMatchObject({
      action: 'updated',
    })
    expect((await provider.get({ repository, number })).autoMerge).toBe(false)
  })

  it('with a strategy that a policy does not allow says so', async () => {
    const { cars, provider } = world
    cars.settings.requiredChecks = ['ci']
    cars.settings.mergeMethods = ['rebase']
    const spec = await world.propose({ autoMerge: { method: 'squash' } })
    const { ignored } = await provider.createPullRequest(spec)
    expect(ignored).toMatchObject([
      { field: 'autoMerge', reason: expect.stringContaining('not allowed by policy') },
    ])
    await provider.createPullRequest(await world.propose({ head: 'b', autoMerge: true }))
    expect(cars.state.pulls.map(({ autoMerge }) => autoMerge)).toEqual([undefined, 'rebase'])
  })
})

describe('just after it was made', () => {
  it('a step that fails is INCOMPLETE, and the same call repairs it', async () => {
    const { cars, host, provider, repository } = world
    cars.settings.requiredChecks = ['ci']
    const spec = await world.propose({ labels: ['user/bot'], autoMerge: true })
    host.addFault({ type: 'status', status: 500 }, { times: 1, on: { method: 'PATCH' } })
    const details = await failure(provider.createPullRequest(spec), 'INCOMPLETE')
    const { number } = onlyPull()
    expect(details).toMatchObject({ failed: 'autoMerge', pullRequest: { number, state: 'open' } })
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'updated', ignored: [] })
    expect((await provider.get({ repository, number })).autoMerge).toBe(true)
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
  })

  it('a branch that goes away meanwhile is BRANCH_NOT_FOUND', async () => {
    const { host, cars, provider } = world
    const spec = await world.propose()
    const run = (): Promise<void> => cars.git.deleteBranch('change')
    host.addFault({ type: 'intercept', run }, { times: 1, on: { method: 'POST', path: /pullrequests$/ } })
    expect(await failure(provider.createPullRequest(spec), 'BRANCH_NOT_FOUND')).toMatchObject({
      branch: 'change',
    })
  })
})

describe('a change', () => {
  it('of the base goes apart from all else, which would be passed over with it', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    const { number } = await provider.createPullRequest(await world.propose())
    await provider.update({ repository, number }, { title: 'Other', base: 'stable' })
    expect(await provider.get({ repository, number })).toMatchObject({ title: 'Other', base: 'stable' })
    const bodies = world.host.requests.entries
      .filter(({ method }) => method === 'PATCH')
      .map(({ body }) => Object.keys(body as object))
    expect(bodies).toEqual([['targetRefName'], ['title']])
  })

  it('of one that is merged is CONFLICT, and so is another base of a closed one', async () => {
    const { cars, provider, repository } = world
    await cars.git.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    const merged = await provider.createPullRequest(await world.propose())
    await provider.merge({ repository, number: merged.number })
    const late = provider.update({ repository, number: merged.number }, { title: 'Late' })
    expect(await failure(late, 'CONFLICT')).toMatchObject({ step: 'update' })
    const closed = await provider.createPullRequest(await world.propose({ head: 'b' }))
    await provider.close({ repository, number: closed.number })
    const other = provider.update({ repository, number: closed.number }, { base: 'stable' })
    expect(await failure(other, 'CONFLICT')).toMatchObject({ state: 'closed' })
  })

  it('to a base that has all of it is NO_CHANGES', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    await cars.git.commit({ branch: 'later', from: 'change', files: { later: 'x\n' } })
    const call = provider.update({ repository, number }, { base: 'later' })
    expect(await failure(call, 'NO_CHANGES')).toMatchObject({ base: 'later' })
  })
})

describe('people', () => {
  it('who change title, description or draft keep theirs; the marker is not shown', async () => {
    const { provider, repository } = world
    const spec = await world.propose({ description: 'Why.', draft: true })
    const { number } = await provider.createPullRequest(spec)
    expect((await provider.get({ repository, number })).description).toBe('Why.')
    const pull = onlyPull()
    pull.body = pull.body.replace('Why.', 'A better reason.\r\n')
    pull.title = 'A better title'
    pull.draft = false
    const again = await provider.createPullRequest({ ...spec, title: 'Other', description: 'Other.' })
    expect(again.action).toBe('unchanged')
    expect(again.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'KEPT title',
      'KEPT description',
      'KEPT draft',
    ])
    expect(await provider.get({ repository, number })).toMatchObject({
      title: 'A better title',
      description: 'A better reason.',
      draft: false,
    })
  })

  it('who opened it themselves keep their words', async () => {
    const { provider } = world
    const spec = await world.propose({ title: 'Ours', description: 'Ours.' })
    await provider.createPullRequest(spec)
    const pull = onlyPull()
    pull.title = 'Theirs'
    pull.body = 'Theirs.'
    expect((await provider.createPullRequest(spec)).warnings).toHaveLength(2)
    expect(pull).toMatchObject({ title: 'Theirs', body: expect.stringMatching(/^Theirs\.\n\n<!-- lg /) })
  })

  it('who wrote as much as fits keep it all, without the marker', async () => {
    const { provider, repository } = world
    const spec = await world.propose({ title: 'Ours' })
    await provider.createPullRequest(spec)
    const pull = onlyPull()
    pull.body = 'y'.repeat(3990)
    pull.title = 'Theirs'
    expect(await provider.createPullRequest({ ...spec, labels: ['new'] })).toMatchObject({
      action: 'updated',
      warnings: [{ code: 'KEPT', field: 'title' }],
    })
    expect(pull.body).toBe('y'.repeat(3990))
    expect(await provider.get({ repository, number: pull.number })).toMatchObject({ labels: ['new'] })
  })
})
