import { failure } from '@lg/host-tests'
import { parseRepositoryReference } from '@lg/git'
import { createSkippingClock, type SkippingClock } from '@lg/test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => void (world = await createWorld()))
afterEach(() => world.close())

const clock = (): SkippingClock => createSkippingClock({ longest: 30_000 })
const posts = (): readonly unknown[] =>
  world.host.requests.entries
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/merge_requests'))
    .map(({ body }) => body)

describe('a project', () => {
  it('in a group of a group, of a GitLab below a path, is asked for by its full path in one part', async () => {
    const { provider, host } = world
    await provider.createPullRequest(await world.propose({ head: 'feature/x' }))
    const paths = host.requests.entries.map(({ path }) => path)
    expect(host.apiUrl).toMatch(/\/gitlab\/api\/v4$/)
    expect(paths.every((path) => path.startsWith('/projects/lg%2Ffleet%2Fcars'))).toBe(true)
  })

  it('is the same by SSH, where the path is not shown', async () => {
    const { provider, host } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const { hostname } = new URL(host.url)
    const repository = parseRepositoryReference(`ssh://git@${hostname}:2222/lg/fleet/cars.git`)
    expect(await provider.get({ repository, number })).toMatchObject({ number, head: 'change' })
  })

  it('beside that path is on no GitLab', async () => {
    const { provider, host } = world
    const repository = parseRepositoryReference(`${host.url.replace('/gitlab', '')}/lg/cars.git`)
    await failure(provider.get({ repository, number: 1 }), 'NO_HOST')
    expect(host.requests.entries).toEqual([])
  })
})

describe('the head', () => {
  it('may be in a fork: it is made there, and a branch of the same name elsewhere is another', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'ann', name: 'cars', forkOf: cars })
    await fork.git.commit({ branch: 'change', files: { 'fork.yaml': 'x: 1\n' } })
    const own = await provider.createPullRequest(await world.propose())
    const headRepository = parseRepositoryReference(host.cloneUrl(fork))
    const spec = { repository, headRepository, head: 'change', base: 'main', title: 'From a fork' }
    const { number } = await provider.createPullRequest(spec)
    expect(number).not.toBe(own.number)
    expect(await provider.createPullRequest(spec)).toMatchObject({ number, action: 'unchanged' })
    const [path] = host.requests.entries
      .filter(({ method, body }) => method === 'POST' && JSON.stringify(body).includes('From a fork'))
      .map((request) => request.path)
    expect(path).toBe('/projects/ann%2Fcars/merge_requests')
    expect(await provider.get({ repository, number })).toMatchObject({
      headRepository: { owner: 'gitlab/ann', name: 'cars' },
      headCommit: (await fork.git.branches())['change'],
    })
    expect((await provider.find({ repository, head: 'change', base: 'main' }))?.number).toBe(own.number)
    expect((await provider.list({ repository, head: 'change', headRepository })).pullRequests).toMatchObject([
      { number, headRepository: { owner: 'gitlab/ann' } },
    ])
    await provider.merge({ repository, number }, { deleteBranch: true })
    expect((await fork.git.branches())['change']).toBeUndefined()
    expect((await cars.git.branches())['change']).toBeDefined()
  })

  it('in a fork with nothing new is NO_CHANGES', async () => {
    const { host, cars, provider, repository } = world
    const fork = await host.addRepository({ owner: 'ann', name: 'cars', forkOf: cars })
    await fork.git.git(['branch', 'idle', 'main'])
    const headRepository = parseRepositoryReference(host.cloneUrl(fork))
    const spec = { repository, headRepository, head: 'idle', base: 'main', title: 'Nothing' }
    expect(await failure(provider.createPullRequest(spec), 'NO_CHANGES')).toMatchObject({ head: 'idle' })
  })

  it('in a repository that is no fork, is on another host, or is not there ends in a code', async () => {
    const { host, provider, repository, cars } = world
    const other = await host.addRepository({ owner: 'ann', name: 'other' })
    await other.git.commit({ branch: 'change', files: { 'x.yaml': 'x: 1\n' } })
    await cars.git.commit({ branch: 'change', files: { 'x.yaml': 'x: 1\n' } })
    const specFrom = (url: string) => {
      const headRepository = parseRepositoryReference(url)
      return { repository, headRepository, head: 'change', base: 'main', title: 'x' }
    }
    expect(
      await failure(provider.createPullRequest(specFrom(host.cloneUrl(other))), 'VALIDATION'),
    ).toMatchObject({ faults: [{ field: 'headRepository' }] })
    await failure(provider.createPullRequest(specFrom('https://github.com/ann/cars.git')), 'NO_HOST')
    const gone = specFrom(host.cloneUrl(other).replace('other', 'gone'))
    expect(await provider.find(gone)).toBeUndefined()
    await failure(provider.createPullRequest(gone), 'NOT_FOUND')
  })

  it('that was just pushed is waited for, longer each time', async () => {
    const { host, providerWith } = world
    const body = { message: { source_branch: ['does not exist'] } }
    const on = { method: 'POST', path: /merge_requests$/ }
    host.addFault({ type: 'status', status: 400, body }, { times: 6, on })
    const waiting = clock()
    const provider = providerWith({ clock: waiting })
    expect(await provider.createPullRequest(await world.propose())).toMatchObject({ action: 'created' })
    expect(waiting.waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
    expect(posts()).toHaveLength(7)
  })

  it('that GitLab never takes notice of is BRANCH_NOT_FOUND once the time is over', async () => {
    const { host, providerWith } = world
    const body = { message: { source_branch: ['does not exist'] } }
    host.addFault({ type: 'status', status: 400, body }, { on: { method: 'POST' } })
    const waiting = clock()
    const provider = providerWith({ clock: waiting, branchWait: 10_000 })
    const spec = await world.propose()
    expect(await failure(provider.createPullRequest(spec), 'BRANCH_NOT_FOUND')).toMatchObject({
      branch: 'change',
    })
    expect(waiting.waits).toEqual([1000, 2000, 4000, 3000])
  })

  it('that was never pushed is BRANCH_NOT_FOUND after some seconds, and nothing is made', async () => {
    const { providerWith } = world
    const waiting = clock()
    const provider = providerWith({ clock: waiting })
    const spec = { ...(await world.propose()), head: 'absent' }
    expect(await failure(provider.createPullRequest(spec), 'BRANCH_NOT_FOUND')).toMatchObject({
      branch: 'absent',
    })
    expect(waiting.waits).toEqual([500, 1000, 2000])
    expect(posts()).toEqual([])
  })

  it('whose difference is larger than an answer may be has changes', async () => {
    const { host, provider } = world
    host.addFault({ type: 'huge', bytes: 32 * 1024 * 1024 }, { on: { path: /compare$/ } })
    expect(await provider.createPullRequest(await world.propose())).toMatchObject({ action: 'created' })
  })
})

describe('an open one', () => {
  it('loses nobody when one is added or taken away', async () => {
    const { provider, repository, host } = world
    const { number } = await provider.createPullRequest(await world.propose({ assignees: ['alice', 'bob'] }))
    const locator = { repository, number }
    await provider.update(locator, { assignees: { add: ['carol'], remove: ['BOB'] } })
    expect((await provider.get(locator)).assignees).toEqual(['alice', 'carol'])
    host.requests.clear()
    await provider.update(locator, { assignees: { remove: ['alice', 'carol'] } })
    expect((await provider.get(locator)).assignees).toEqual([])
    expect(host.requests.entries.find(({ method }) => method === 'PUT')?.body).toEqual({ assignee_ids: [0] })
  })

  it('is asked for nothing when nothing changes', async () => {
    const { provider, host } = world
    const spec = await world.propose({
      labels: ['user/bot'],
      assignees: ['alice'],
      milestone: 'v1',
      draft: true,
    })
    await provider.createPullRequest(spec)
    host.requests.clear()
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged' })
    expect(host.requests.entries.map(({ method }) => method)).toEqual(['GET'])
  })

  it('keeps what people changed, and the marker is not shown', async () => {
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
    expect(await provider.get({ repository, number })).toMatchObject({
      title: 'A better title',
      description: 'A better reason.',
      draft: false,
    })
  })

  it('that cannot be brought up to date is INCOMPLETE, and the same call again repairs it', async () => {
    const { host, provider, repository } = world
    const spec = await world.propose()
    const { number } = await provider.createPullRequest(spec)
    host.addFault({ type: 'status', status: 500 }, { times: 1, on: { method: 'PUT' } })
    const more = { ...spec, labels: ['user/bot'] }
    expect(await failure(provider.createPullRequest(more), 'INCOMPLETE')).toMatchObject({
      failed: 'update',
      pullRequest: { number },
    })
    expect(await provider.createPullRequest(more)).toMatchObject({ number, action: 'updated' })
    expect((await provider.get({ repository, number })).labels).toEqual(['user/bot'])
  })

  it('of the new base is named by what GitLab says, while its list does not show it yet', async () => {
    const { provider, repository, cars, host } = world
    await cars.git.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    const spec = await world.propose()
    const second = await provider.createPullRequest({ ...spec, base: 'stable' })
    const first = await provider.createPullRequest(spec)
    host.addFault(
      { type: 'status', status: 200, body: [] },
      { on: { method: 'GET', path: /merge_requests$/ } },
    )
    const call = provider.update({ repository, number: second.number }, { base: 'main' })
    expect(await failure(call, 'ALREADY_EXISTS')).toMatchObject({ number: first.number })
  })

  it('cannot have its own head as its base', async () => {
    const { provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    expect(
      await failure(provider.update({ repository, number }, { base: 'change' }), 'VALIDATION'),
    ).toMatchObject({
      faults: [{ field: 'base' }],
    })
  })
})

describe('a draft', () => {
  it('is a prefix of the title, which no title shows', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose({ draft: true }))
    const locator = { repository, number }
    expect(cars.state.pulls[0]?.title).toBe('Draft: Change a car')
    await provider.update(locator, { title: 'Change two cars' })
    expect(cars.state.pulls[0]?.title).toBe('Draft: Change two cars')
    expect(await provider.get(locator)).toMatchObject({ title: 'Change two cars', draft: true })
    await provider.update(locator, { draft: false })
    expect(cars.state.pulls[0]?.title).toBe('Change two cars')
  })

  it('may have been made so by people in several ways', async () => {
    const { cars, provider, repository } = world
    const { number } = await provider.createPullRequest(await world.propose())
    const [pull] = cars.state.pulls
    if (pull === undefined) throw new Error('There is no pull request')
    for (const title of ['[Draft] Cars', '(draft) Cars', 'draft: Draft: Cars']) {
      Object.assign(pull, { title, draft: true })
      expect(await provider.get({ repository, number })).toMatchObject({ title: 'Cars', draft: true })
    }
    // Words that only look alike.
    Object.assign(pull, { title: 'Draft beer', draft: false })
    expect(await provider.get({ repository, number })).toMatchObject({ title: 'Draft beer', draft: false })
  })
})

describe('words that GitLab takes for commands', () => {
  it('are not carried out, and read as they were', async () => {
    const { cars, provider, repository } = world
    const text = 'Log:\n/close\n/label ~x\n\\/close\n/usr/bin\n    /close\nsee /close'
    const spec = await world.propose({ description: text })
    const { number } = await provider.createPullRequest(spec)
    const locator = { repository, number }
    const { body } = cars.state.pulls[0] ?? {}
    expect(body).toMatch(
      /^Log:\n\\\/close\n\\\/label ~x\n\\\\\/close\n\/usr\/bin\n {4}\/close\nsee \/close\n\n<!--/,
    )
    expect(await provider.get(locator)).toMatchObject({ state: 'open', description: text })
    expect(await provider.createPullRequest(spec)).toMatchObject({ action: 'unchanged', warnings: [] })
    await provider.update(locator, { description: `More.\n${text}` })
    expect(await provider.get(locator)).toMatchObject({ state: 'open', description: `More.\n${text}` })
    await provider.comment(locator, { body: text, topic: 'log' })
    expect(await provider.comment(locator, { body: text, topic: 'log' })).toMatchObject({
      action: 'unchanged',
    })
    expect(await provider.comments(locator)).toMatchObject([{ body: text, topic: 'log' }])
    expect((await provider.get(locator)).state).toBe('open')
  })
})

describe('a carriage return', () => {
  it.each(['/close\r\n', '/cl\rose', '/\rclose', '\r/close', 'x\r\n/close\r'])(
    'hides no command: %j',
    async (body) => {
      const { provider, repository } = world
      const { number } = await provider.createPullRequest(await world.propose())
      await provider.comment({ repository, number }, { body })
      expect((await provider.get({ repository, number })).state).toBe('open')
    },
  )
})

describe('an answer', () => {
  it('that another request has the lock is asked for again', async () => {
    const { host, providerWith } = world
    const body = { message: '409 Conflict: Failed to obtain a lock (Resource lock)' }
    host.addFault({ type: 'status', status: 409, body }, { times: 3, on: { method: 'POST' } })
    const waiting = clock()
    const provider = providerWith({ clock: waiting })
    expect(await provider.createPullRequest(await world.propose())).toMatchObject({ action: 'created' })
    expect(waiting.waits).toEqual([500, 1000, 2000])
    host.addFault({ type: 'status', status: 409, body }, { on: { method: 'POST' } })
    await failure(provider.createPullRequest(await world.propose({ head: 'b' })), 'CONFLICT')
  })

  it('in pages is read to its end, whichever header says so', async () => {
    await world.close()
    world = await createWorld({ pageLimit: 2 })
    const { provider, providerWith, repository, host } = world
    for (const head of ['a', 'b', 'c', 'd', 'e'])
      await provider.createPullRequest(await world.propose({ head }))
    const without = (name: string): typeof fetch => {
      return async (input, init) => {
        const response = await fetch(input, init)
        const headers = new Headers(response.headers)
        headers.delete(name)
        // Where a link leads does not matter: no token follows it.
        const link = headers.get('link')?.replaceAll(host.apiUrl, 'https://elsewhere.example')
        if (link !== undefined) headers.set('link', link)
        return new Response(response.body, { status: response.status, headers })
      }
    }
    for (const header of ['x-next-page', 'link', 'x-total']) {
      const other = providerWith({ fetch: without(header) })
      const { pullRequests } = await other.list({ repository })
      expect(pullRequests.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1])
    }
    expect(host.requests.entries.at(-1)?.query.get('page')).toBe('3')
  })
})

describe('a token', () => {
  it('is sent as PRIVATE-TOKEN, and one of OAuth as Bearer', async () => {
    const { host, provider, providerWith, repository } = world
    await provider.list({ repository })
    await providerWith({ tokenType: 'oauth' }).list({ repository })
    const [first, second] = host.requests.entries
    expect([first?.headers['private-token'], first?.headers.authorization]).toEqual([host.token, undefined])
    expect([second?.headers['private-token'], second?.headers.authorization]).toEqual([
      undefined,
      `Bearer ${host.token}`,
    ])
  })
})
