import { parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createLocalProvider } from '@lg/pr-local'
import { createBareRepository, createFakeClock } from '@lg/test-kit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const propose = async (head: string, title = 'Change a car') => {
  await world.remote.commit({ branch: head, files: { [`${head}.yaml`]: 'x: 1\n' } })
  return { repository: world.repository, head, base: 'main', title }
}

test('plain git shows the record, its history, and nothing that fsck minds', async () => {
  const clock = createFakeClock({ now: Date.UTC(2026, 1, 3, 4, 5, 6, 7) })
  const git = await world.openStore()
  const provider = createLocalProvider({ git, clock, identity: { name: 'Ann', email: 'ann@example.com' } })
  const { repository, remote } = world
  const spec = await propose('faster')
  const { number } = await provider.createPullRequest({
    ...spec,
    description: 'Ü: "x"\n',
    labels: ['a'],
    milestone: '2',
  })
  await clock.advance(1000)
  await provider.comment({ repository, number }, { body: 'Nice.' })

  const ref = `refs/lg/pulls/${number}`
  const text = await remote.readFile(ref, 'pull-request.json')
  expect(text.endsWith('}\n')).toBe(true)
  const branches = await remote.branches()
  expect(JSON.parse(text)).toEqual({
    version: 1,
    number: 1,
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    state: 'open',
    title: 'Change a car',
    description: 'Ü: "x"\n',
    draft: false,
    head: 'faster',
    headCommit: branches['faster'],
    base: 'main',
    baseCommit: branches['main'],
    author: 'Ann',
    labels: ['a'],
    assignees: [],
    reviewers: [],
    teamReviewers: [],
    milestone: '2',
    createdAt: '2026-02-03T04:05:06.007Z',
    updatedAt: '2026-02-03T04:05:07.007Z',
    proposed: { title: 'Change a car', description: 'Ü: "x"\n', draft: false, milestone: '2' },
    comments: [
      {
        id: expect.any(String),
        author: 'Ann',
        body: 'Nice.',
        createdAt: '2026-02-03T04:05:07.007Z',
        updatedAt: '2026-02-03T04:05:07.007Z',
      },
    ],
  })
  const log = await remote.git(['log', '--first-parent', '--format=%an <%ae> %cI %s', ref])
  expect(log.trim().split('\n')).toEqual([
    'Ann <ann@example.com> 2026-02-03T04:05:07+00:00 Comment on pull request 1: Change a car',
    'Ann <ann@example.com> 2026-02-03T04:05:06+00:00 Open pull request 1: Change a car',
    'lg <lg@localhost> 1970-01-01T00:00:00+00:00 Begin a pull request',
  ])
  expect(await remote.listFiles(ref)).toEqual(['pull-request.json'])
  expect(await remote.fsck()).toEqual([])
})

test('a restart and another store see the same', async () => {
  const { repository } = world
  const first = await world.openProvider()
  const { number } = await first.createPullRequest(await propose('a'))
  await first.close({ repository, number })
  const open = await first.createPullRequest({ ...(await propose('b')), labels: ['x'] })
  const second = await world.openProvider()
  expect(await second.list({ repository, state: 'all' })).toEqual(
    await first.list({ repository, state: 'all' }),
  )
  expect((await second.get({ repository, number: open.number })).labels).toEqual(['x'])
  expect((await second.createPullRequest(await propose('c'))).number).toBe(3)
})

test('travels with a clone that fetches refs/lg/*, commits of deleted branches included', async () => {
  const { repository, remote, tree } = world
  const provider = await world.openProvider()
  const merged = await provider.createPullRequest(await propose('merged'))
  await provider.merge({ repository, number: merged.number }, { method: 'squash', deleteBranch: true })
  const closed = await provider.createPullRequest(await propose('closed'))
  await provider.close({ repository, number: closed.number })
  await remote.deleteBranch('closed')
  await remote.git(['gc', '--quiet', '--prune=now'])

  const copy = await createBareRepository({ dir: tree.path('copy.git') })
  await copy.git(['fetch', '--quiet', remote.dir, '+refs/heads/*:refs/heads/*', '+refs/lg/*:refs/lg/*'])
  const copied = parseRepositoryReference(copy.dir)
  const git = await createGitCli().open({ dir: tree.path('copy-store'), remote: copied })
  try {
    const reader = createLocalProvider({ git, identity: { name: 'Bob', email: 'bob@example.com' } })
    const { pullRequests } = await reader.list({ repository: copied, state: 'all' })
    expect(pullRequests.map(({ number, state, head }) => [number, state, head])).toEqual([
      [2, 'closed', 'closed'],
      [1, 'merged', 'merged'],
    ])
    for (const [number, path] of [
      [1, 'merged.yaml'],
      [2, 'closed.yaml'],
    ] as const) {
      const { files } = await reader.diff({ repository: copied, number })
      expect(files).toMatchObject([{ type: 'added', path, after: 'x: 1\n' }])
    }
  } finally {
    await git.close()
  }
})

test('url() makes the addresses', async () => {
  const git = await world.openStore()
  const identity = { name: 'Ann', email: 'ann@example.com' }
  const url = (number: number): string => `http://localhost:8888/pulls/${number}`
  const provider = createLocalProvider({ git, identity, url })
  expect((await provider.createPullRequest(await propose('a'))).url).toBe('http://localhost:8888/pulls/1')
  const plain = createLocalProvider({ git, identity })
  expect((await plain.get({ repository: world.repository, number: 1 })).url).toBe(
    `${world.repository.url}#refs/lg/pulls/1`,
  )
})

test('one provider serves the repositories that its function opens', async () => {
  const git = await world.openStore()
  const { repository } = world
  const provider = createLocalProvider({
    git: (wanted) => (wanted.path === repository.path ? git : undefined),
    identity: { name: 'Ann', email: 'ann@example.com' },
  })
  expect((await provider.createPullRequest(await propose('a'))).number).toBe(1)
  const other = parseRepositoryReference('/nowhere/other.git')
  await expect(provider.list({ repository: other })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    details: { repository: '/nowhere/other.git', step: 'list' },
  })
})

test('shares a store without touching what others keep in it', async () => {
  const git = await world.openStore()
  await git.fetch()
  const before = await git.listRefs('refs/remotes/')
  const provider = createLocalProvider({ git, identity: { name: 'Ann', email: 'ann@example.com' } })
  await provider.createPullRequest(await propose('a'))
  expect(await git.listRefs('refs/remotes/')).toEqual(before)
})
