import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createFakeAzureDevOps,
  createTree,
  type FakeAzureDevOps,
  type HostRepository,
  type Tree,
} from '../src/index.ts'

let tree: Tree
let azure: FakeAzureDevOps
let cars: HostRepository
beforeEach(async () => {
  tree = await createTree()
  azure = await createFakeAzureDevOps({ dir: tree.dir, users: ['ann@example.com'], teams: ['pit'] })
  cars = await azure.addRepository({ owner: 'DefaultCollection/My Garage', name: 'cars' })
})
afterEach(async () => {
  await azure.close()
  await tree.close()
})

interface Answered {
  readonly status: number
  readonly body: any
}

async function ask(method: string, path: string, body?: unknown, token = azure.token): Promise<Answered> {
  const headers = { authorization: `Basic ${btoa(`:${token}`)}` }
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const root = path.startsWith('/_apis') ? '' : '/My%20Garage/_apis/git/repositories/cars'
  const response = await fetch(`${azure.apiUrl}/DefaultCollection${root}${path}`, init)
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
const propose = (head: string, base = 'main', more = {}): Promise<Answered> =>
  ask('POST', '/pullrequests', {
    title: head,
    sourceRefName: `refs/heads/${head}`,
    targetRefName: `refs/heads/${base}`,
    ...more,
  })
const open = async (head: string, more = {}): Promise<Answered> => {
  await cars.git.commit({ branch: head, files: { [head]: 'x\n' } })
  return await propose(head, 'main', more)
}

describe('a fake Azure DevOps', () => {
  it('takes what has nothing of its own, and does not say which branch is missing', async () => {
    for (const [head, base] of [
      ['absent', 'main'],
      ['main', 'absent'],
    ] as const) {
      expect((await propose(head, base)).body.typeKey).toBe('GitPullRequestCannotBeActivated')
    }
    await cars.git.resetBranch('same', 'main')
    expect((await propose('same')).status).toBe(201)
    expect((await propose('same')).body.message).toContain('TF401179')
    const { pullRequestId } = (await open('faster')).body
    const tip = await cars.git.commit({ branch: 'faster', files: { more: 'y\n' } })
    const { body } = await ask('GET', `/pullrequests/${pullRequestId}`)
    expect(body.lastMergeSourceCommit.commitId).toBe(tip)
  })

  it('cuts descriptions in lists, and shows labels only there', async () => {
    const { body } = await open('a', { description: 'x'.repeat(500), labels: [{ name: 'fast' }] })
    const single = await ask('GET', `/pullrequests/${body.pullRequestId}`)
    expect(single.body.description).toHaveLength(500)
    expect(single.body).not.toHaveProperty('labels')
    const [listed] = (await ask('GET', '/pullrequests')).body.value
    expect(listed.description).toHaveLength(400)
    expect(listed.labels).toMatchObject([{ name: 'fast' }])
  })

  it('passes over all that comes with another base', async () => {
    await cars.git.commit({ branch: 'stable', files: { STABLE: '1\n' } })
    const { pullRequestId } = (await open('a')).body
    const change = { title: 'Other', targetRefName: 'refs/heads/stable' }
    const { body } = await ask('PATCH', `/pullrequests/${pullRequestId}`, change)
    expect([body.title, body.targetRefName]).toEqual(['a', 'refs/heads/stable'])
  })

  it('queues a merge, which is done some reads later', async () => {
    const { pullRequestId, lastMergeSourceCommit } = (await open('a')).body
    const path = `/pullrequests/${pullRequestId}`
    expect((await ask('PATCH', path, { status: 'completed' })).status).toBe(400)
    await cars.git.commit({ branch: 'a', files: { more: 'x\n' } })
    const stale = await ask('PATCH', path, { status: 'completed', lastMergeSourceCommit })
    expect(stale.body.message).toContain('TF401192')
    const { body: now } = await ask('GET', path)
    const completion = { status: 'completed', lastMergeSourceCommit: now.lastMergeSourceCommit }
    const states = [await ask('PATCH', path, completion), await ask('GET', path), await ask('GET', path)]
    expect(states.map(({ body }) => [body.status, body.mergeStatus])).toEqual([
      ['active', 'queued'],
      ['active', 'queued'],
      ['completed', 'succeeded'],
    ])
    expect((await cars.git.branches())['main']).toBe(states[2]?.body.lastMergeCommit.commitId)
    expect(await cars.git.fsck()).toEqual([])
  })

  it('finds people and groups, and takes personal access tokens and others', async () => {
    const search = (name: string): Promise<Answered> =>
      ask('GET', `/_apis/identities?filterValue=${encodeURIComponent(name)}`)
    expect((await search('ann')).body.value).toMatchObject([{ isContainer: false }])
    expect((await search('[My Garage]\\pit')).body.value).toMatchObject([{ isContainer: true }])
    expect((await ask('GET', '/pullrequests', undefined, 'another')).status).toBe(401)
    const headers = { authorization: `Bearer ${azure.token}` }
    const url = `${azure.apiUrl}/DefaultCollection/_apis/connectionData`
    expect((await fetch(url, { headers })).status).toBe(200)
    expect(azure.problems).toEqual([])
  })
})
