import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createFakeGitHub,
  createTree,
  type FakeGitHub,
  type HostRepository,
  type Tree,
} from '../src/index.ts'

let tree: Tree
let github: FakeGitHub
let cars: HostRepository
beforeEach(async () => {
  tree = await createTree()
  github = await createFakeGitHub({ dir: tree.dir, users: ['ann'], pageLimit: 2 })
  cars = await github.addRepository({ owner: 'lg', name: 'cars' })
})
afterEach(async () => {
  await github.close()
  await tree.close()
})

interface Answered {
  readonly status: number
  readonly body: any
  readonly link: string | null
}

async function ask(method: string, path: string, body?: unknown, token = github.token): Promise<Answered> {
  const headers = { authorization: `Bearer ${token}` }
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${github.apiUrl}/repos/lg/cars${path}`, init)
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    link: response.headers.get('link'),
  }
}
const open = async (head: string): Promise<Answered> => {
  await cars.git.commit({ branch: head, files: { [head]: 'x\n' } })
  return await ask('POST', '/pulls', { title: head, head, base: 'main' })
}

describe('a fake GitHub', () => {
  it('lets Git decide what can be proposed', async () => {
    const propose = (head: string, base = 'main'): Promise<Answered> =>
      ask('POST', '/pulls', { title: 'x', head, base })
    expect((await propose('absent')).body.errors).toMatchObject([{ field: 'head', code: 'invalid' }])
    await cars.git.resetBranch('same', 'main')
    expect((await propose('same')).body.errors[0].message).toContain('No commits between')
    expect((await open('faster')).status).toBe(201)
    expect((await propose('faster', 'absent')).body.errors).toMatchObject([
      { field: 'base', code: 'invalid' },
    ])
    expect((await propose('lg:faster')).body.errors[0].message).toContain(
      'A pull request already exists for lg:faster',
    )
    const tip = await cars.git.commit({ branch: 'faster', files: { more: 'y\n' } })
    expect((await ask('GET', '/pulls/1')).body.head.sha).toBe(tip)
  })

  it('ignores a filter by a head without its owner, gives pages, and hides what is not for the token', async () => {
    for (const head of ['a', 'b', 'c']) await open(head)
    expect((await ask('GET', '/pulls?head=a')).body).toHaveLength(2)
    expect((await ask('GET', '/pulls?head=lg:a')).body).toMatchObject([{ number: 1 }])
    expect((await ask('GET', '/pulls?per_page=100')).link).toContain('page=2>; rel="next"')
    expect((await ask('GET', '/pulls?page=2')).link).not.toContain('rel="next"')
    expect((await ask('GET', '/pulls', undefined, 'other')).status).toBe(401)
    cars.settings.visible = false
    expect((await ask('GET', '/pulls')).status).toBe(404)
  })

  it('merges with Git, and refuses what Git cannot merge', async () => {
    await open('a')
    await cars.git.commit({ branch: 'main', files: { a: 'other\n' } })
    expect((await ask('GET', '/pulls/1')).body.mergeable_state).toBe('dirty')
    expect((await ask('PUT', '/pulls/1/merge', {})).status).toBe(405)
    await open('b')
    const { sha } = (await ask('PUT', '/pulls/2/merge', { merge_method: 'rebase' })).body
    expect((await cars.git.branches())['main']).toBe(sha)
    expect(await cars.git.readFile('main', 'b')).toBe('x\n')
    expect(await cars.git.fsck()).toEqual([])
  })

  it('answers reads as before the last write when it is stale', async () => {
    await open('a')
    await open('b')
    github.addFault({ type: 'stale' }, { times: 1, on: { method: 'GET', path: /pulls$/ } })
    expect((await ask('GET', '/pulls')).body).toHaveLength(1)
    expect((await ask('GET', '/pulls')).body).toHaveLength(2)
    expect(github.requests.entries.at(-2)?.fault).toBe('stale')
    expect(github.problems).toEqual([])
  })

  it('tells what a check of its exchanges finds', async () => {
    const strict = await createFakeGitHub({ dir: tree.path('strict'), check: ({ path }) => [`no ${path}`] })
    await fetch(`${strict.apiUrl}/nowhere`, { headers: { authorization: `Bearer ${strict.token}` } })
    expect(strict.problems).toEqual(['no /nowhere'])
    await strict.close()
  })
})
