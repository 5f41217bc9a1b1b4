import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeGitLab, createTree, type FakeHost, type HostRepository, type Tree } from '../src/index.ts'

let tree: Tree
let gitlab: FakeHost
let cars: HostRepository
beforeEach(async () => {
  tree = await createTree()
  gitlab = await createFakeGitLab({ dir: tree.dir, users: ['ann', 'bob'], pageLimit: 2, path: '/gitlab' })
  cars = await gitlab.addRepository({ owner: 'lg/fleet', name: 'cars' })
})
afterEach(async () => {
  await gitlab.close()
  await tree.close()
})

interface Answered {
  readonly status: number
  readonly body: any
  readonly headers: Headers
}

async function ask(method: string, path: string, body?: unknown, token = gitlab.token): Promise<Answered> {
  const headers = { 'private-token': token }
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${gitlab.apiUrl}/projects/lg%2Ffleet%2Fcars${path}`, init)
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    headers: response.headers,
  }
}
const propose = (head: string, more: object = {}): Promise<Answered> =>
  ask('POST', '/merge_requests', { title: head, source_branch: head, target_branch: 'main', ...more })
const open = async (head: string, more: object = {}): Promise<Answered> => {
  await cars.git.commit({ branch: head, files: { [head]: 'x\n' } })
  return await propose(head, more)
}

describe('a fake GitLab', () => {
  it('lets Git decide what can be proposed, and makes one of nothing', async () => {
    expect(await propose('absent')).toMatchObject({
      status: 400,
      body: { message: { source_branch: ['does not exist'] } },
    })
    expect((await propose('main')).status).toBe(422)
    expect((await open('faster')).status).toBe(201)
    expect((await propose('faster')).body.message[0]).toMatch(/already exists.*: !1$/)
    await cars.git.resetBranch('same', 'main')
    expect((await propose('same')).body).toMatchObject({ iid: 2, state: 'opened' })
    expect((await ask('GET', '/merge_requests/2')).body.detailed_merge_status).toBe('commits_status')
    expect((await ask('GET', '/repository/compare?from=main&to=same')).body.commits).toEqual([])
    expect((await ask('GET', '/repository/compare?from=main&to=absent')).status).toBe(404)
    const tip = await cars.git.commit({ branch: 'faster', files: { more: 'y\n' } })
    expect((await ask('GET', '/merge_requests/1')).body.sha).toBe(tip)
  })

  it('drops without a word what may not be set', async () => {
    cars.settings.peopleLimit = 1
    cars.settings.makeLabels = false
    cars.state.labels.push({ id: 1, name: 'known', color: '#000000' })
    const wanted = { labels: 'known,new', assignee_ids: [2, 3], reviewer_ids: [99], milestone_id: 99 }
    expect((await open('a', wanted)).body).toMatchObject({
      labels: ['known'],
      assignees: [{ username: 'ann' }],
      reviewers: [],
      milestone: null,
    })
  })

  it('carries out commands in texts', async () => {
    expect((await open('a', { description: 'Why.\n/close\n' })).body).toMatchObject({
      description: 'Why.\n',
      state: 'closed',
    })
  })

  it('gives pages, and hides what is not for the token', async () => {
    for (const head of ['a', 'b', 'c']) await open(head)
    const first = await ask('GET', '/merge_requests?per_page=100')
    expect(first.body).toHaveLength(2)
    expect([first.headers.get('x-next-page'), first.headers.get('link')]).toEqual([
      '2',
      expect.stringContaining('page=2>; rel="next"'),
    ])
    expect((await ask('GET', '/merge_requests?page=2')).headers.get('x-next-page')).toBe('')
    expect((await ask('GET', '/merge_requests?source_branch=b')).body).toMatchObject([{ iid: 2 }])
    expect((await ask('GET', '/merge_requests', undefined, 'other')).status).toBe(401)
    cars.settings.visible = false
    expect((await ask('GET', '/merge_requests')).body).toEqual({ message: '404 Project Not Found' })
  })

  it('merges with Git, and refuses what Git cannot merge', async () => {
    await open('a')
    await cars.git.commit({ branch: 'main', files: { a: 'other\n' } })
    expect((await ask('GET', '/merge_requests/1')).body).toMatchObject({
      detailed_merge_status: 'conflict',
      has_conflicts: true,
    })
    expect((await ask('PUT', '/merge_requests/1/merge', {})).status).toBe(422)
    await open('b')
    expect((await ask('PUT', '/merge_requests/2/merge', { sha: '1'.repeat(40) })).status).toBe(409)
    expect((await ask('PUT', '/merge_requests/2/merge', { auto_merge: true })).status).toBe(405)
    const { body } = await ask('PUT', '/merge_requests/2/merge', { squash: true })
    expect((await cars.git.branches())['main']).toBe(body.merge_commit_sha)
    expect(await cars.git.readFile('main', 'b')).toBe('x\n')
    expect(await cars.git.fsck()).toEqual([])
    expect(gitlab.problems).toEqual([])
  })
})
