import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeGitea, createTree, type FakeGitea, type HostRepository, type Tree } from '../src/index.ts'

let tree: Tree
let gitea: FakeGitea
let cars: HostRepository
const begin = async (version?: string): Promise<void> => {
  tree = await createTree()
  const more = version === undefined ? {} : { version }
  gitea = await createFakeGitea({ dir: tree.dir, users: ['ann'], pageLimit: 2, path: '/forge', ...more })
  cars = await gitea.addRepository({ owner: 'lg', name: 'cars' })
}
const end = async (): Promise<void> => {
  await gitea.close()
  await tree.close()
}
beforeEach(() => begin())
afterEach(end)

interface Answered {
  readonly status: number
  readonly body: any
  readonly total: string | null
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  more: { readonly token?: string; readonly type?: string } = {},
): Promise<Answered> {
  const { token = gitea.token, type = 'application/json' } = more
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${gitea.apiUrl}/repos/lg/cars${path}`, init)
  const text = await response.text()
  return {
    status: response.status,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    total: response.headers.get('x-total-count'),
  }
}
const propose = (head: string, base = 'main', more = {}): Promise<Answered> =>
  ask('POST', '/pulls', { title: head, head, base, ...more })
const open = async (head: string): Promise<Answered> => {
  await cars.git.commit({ branch: head, files: { [head]: 'x\n' } })
  return await propose(head)
}

describe('a fake Gitea', () => {
  it('takes what has nothing of its own, and says 404 for whatever is missing', async () => {
    for (const [head, base] of [
      ['absent', 'main'],
      ['main', 'absent'],
    ] as const) {
      expect((await propose(head, base)).status).toBe(404)
    }
    expect((await propose('main', 'main')).status).toBe(422)
    await cars.git.resetBranch('same', 'main')
    expect((await propose('same')).status).toBe(201)
    expect((await propose('same')).body.message).toContain('issue_id: 1')
    const tip = await cars.git.commit({ branch: 'same', files: { more: 'y\n' } })
    expect((await ask('GET', '/pulls/1')).body.head).toMatchObject({ sha: tip, ref: 'same' })
    await cars.git.deleteBranch('same')
    expect((await ask('GET', '/pulls/1')).body.head).toMatchObject({ ref: 'refs/pull/1/head', label: 'same' })
    cars.settings.visible = false
    expect((await ask('GET', '/pulls')).status).toBe(404)
    expect((await ask('GET', '/pulls', undefined, { token: 'other' })).status).toBe(401)
  })

  it('cuts pages without a word, and gives any pull request of two branches', async () => {
    for (const head of ['a', 'b', 'feature/x']) await open(head)
    const page = await ask('GET', '/pulls?limit=100')
    expect([page.body.length, page.total]).toEqual([2, '3'])
    await ask('PATCH', '/pulls/1', { state: 'closed' })
    expect((await open('a')).body.number).toBe(4)
    expect((await ask('GET', '/pulls/main/a')).body).toMatchObject({ number: 1, state: 'closed' })
    expect((await ask('GET', '/pulls/main/feature%2Fx')).body).toMatchObject({ number: 3 })
  })

  it('knows labels by number, passes over others, and wants JSON', async () => {
    cars.state.labels.push({ id: 7, name: 'bot', color: 'ff0000' })
    expect((await open('a')).body.labels).toEqual([])
    expect((await ask('POST', '/issues/1/labels', { labels: [7, 8] })).body).toMatchObject([{ name: 'bot' }])
    expect((await ask('POST', '/issues/1/labels', { labels: ['none'] })).body).toHaveLength(1)
    expect((await ask('POST', '/issues/1/labels', { labels: [7, 'bot'] })).status).toBe(400)
    const asText = await ask('POST', '/issues/1/labels', { labels: [7] }, { type: 'text/plain' })
    expect(asText).toMatchObject({ status: 422, body: { message: '[]: Unsupported Content-Type' } })
  })

  it('leaves a milestone that is 0 on a pull request, and breaks on one that is not there', async () => {
    cars.state.milestones.push({ number: 3, title: 'v1', state: 'open' })
    await open('a')
    expect((await ask('PATCH', '/pulls/1', { milestone: 3 })).body.milestone.title).toBe('v1')
    expect((await ask('PATCH', '/pulls/1', { milestone: 0 })).body.milestone.title).toBe('v1')
    expect(await ask('PATCH', '/pulls/1', { milestone: 9 })).toMatchObject({
      status: 500,
      body: { message: '' },
    })
    expect((await ask('PATCH', '/issues/1', { milestone: 0 })).body.milestone).toBeNull()
    expect((await ask('GET', '/milestones?name=V&state=all')).body).toMatchObject([{ title: 'v1' }])
  })

  it('merges with Git, and tells little of what it cannot', async () => {
    await open('a')
    await cars.git.commit({ branch: 'main', files: { a: 'other\n' } })
    expect((await ask('GET', '/pulls/1')).body.mergeable).toBe(false)
    expect((await ask('POST', '/pulls/1/merge', { Do: 'merge' })).body.message).toBe('Please try again later')
    await open('b')
    expect(await ask('POST', '/pulls/2/merge', { do: 'squash' })).toMatchObject({ status: 200, body: '' })
    expect((await ask('GET', '/pulls/2')).body).toMatchObject({
      merged: true,
      merge_commit_sha: (await cars.git.branches())['main'],
    })
    await cars.git.commit({ branch: 'wip', files: { wip: 'x\n' } })
    expect((await propose('wip', 'main', { title: '[WIP] x' })).body.draft).toBe(true)
    expect((await ask('POST', '/pulls/3/merge', { Do: 'merge' })).body.message).toContain('Work in progress')
  })

  it('that is Forgejo takes the old names only, and waits for ever with nothing to wait for', async () => {
    await end()
    await begin('16.0.1+gitea-1.22.0')
    await open('a')
    expect((await ask('POST', '/pulls/1/merge', { do: 'merge' })).status).toBe(422)
    const later = { Do: 'merge', merge_when_checks_succeed: true }
    expect((await ask('POST', '/pulls/1/merge', later)).status).toBe(201)
    expect((await ask('POST', '/pulls/1/merge', later)).body.message).toContain('already scheduled')
    expect((await ask('DELETE', '/pulls/1/merge')).status).toBe(204)
    expect((await ask('DELETE', '/pulls/1/merge')).status).toBe(404)
  })
})
