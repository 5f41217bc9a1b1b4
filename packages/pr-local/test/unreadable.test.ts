import type { PullRequestProvider } from '@lg/pull-request'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from './world.ts'

let world: World
let provider: PullRequestProvider
beforeEach(async () => {
  world = await createWorld()
  provider = await world.openProvider()
  for (const head of ['a', 'b']) {
    await world.remote.commit({ branch: head, files: { [head]: 'x\n' } })
    await provider.createPullRequest({ repository: world.repository, head, base: 'main', title: head })
  }
})
afterEach(() => world.close())

/** Puts other files in place of the record of pull request 1. */
async function replaceRecord(files: Record<string, string | Uint8Array | null>): Promise<void> {
  await world.remote.resetBranch('scratch', 'refs/lg/pulls/1')
  const commit = await world.remote.commit({ branch: 'scratch', files })
  await world.remote.git(['update-ref', 'refs/lg/pulls/1', commit])
  await world.remote.deleteBranch('scratch')
}

async function recordWith(fields: Record<string, unknown>): Promise<string> {
  const text = await world.remote.readFile('refs/lg/pulls/1', 'pull-request.json')
  return JSON.stringify({ ...(JSON.parse(text) as object), ...fields })
}

const broken: Record<string, () => Promise<Record<string, string | Uint8Array | null>>> = {
  'no record': async () => ({ 'pull-request.json': null, other: 'x' }),
  'no JSON': async () => ({ 'pull-request.json': '{"version": 1' }),
  'no UTF-8': async () => ({ 'pull-request.json': Uint8Array.of(0xff, 0xfe) }),
  'no object': async () => ({ 'pull-request.json': '[]' }),
  'a newer version': async () => ({ 'pull-request.json': await recordWith({ version: 2 }) }),
  'another number': async () => ({ 'pull-request.json': await recordWith({ number: 7 }) }),
  'a field of the wrong type': async () => ({ 'pull-request.json': await recordWith({ labels: ['x', 1] }) }),
  'a comment of the wrong type': async () => ({ 'pull-request.json': await recordWith({ comments: [{}] }) }),
  'a commit that is none': async () => ({ 'pull-request.json': await recordWith({ headCommit: '--all' }) }),
  'a date that is none': async () => ({ 'pull-request.json': await recordWith({ createdAt: 'yesterday' }) }),
}

for (const [what, files] of Object.entries(broken)) {
  test(`${what}: its own error, and the others as ever`, async () => {
    const { repository } = world
    await replaceRecord(await files())
    await expect(provider.get({ repository, number: 1 })).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining('refs/lg/pulls/1'),
      details: { number: 1, step: 'get', provider: 'local' },
    })
    const { pullRequests, unreadable } = await provider.list({ repository })
    expect(pullRequests.map(({ number }) => number)).toEqual([2])
    expect(unreadable).toMatchObject([{ number: 1, error: { code: 'BAD_RESPONSE' } }])
    await world.remote.commit({ branch: 'c', files: { c: 'x\n' } })
    const spec = { repository, head: 'c', base: 'main', title: 'c' }
    expect(await provider.createPullRequest(spec)).toMatchObject({ number: 3, action: 'created' })
  })
}

test('refs that are no records do no harm', async () => {
  const { remote, repository } = world
  const blob = (await remote.git(['rev-parse', 'main:cars/a.yaml'])).trim()
  await remote.git(['update-ref', 'refs/lg/pulls/1', blob])
  await remote.git(['update-ref', 'refs/lg/pulls/notes', blob])
  await remote.git(['update-ref', 'refs/lg/pulls/007', blob])
  await remote.git(['update-ref', 'refs/lg/pulls/9/x', blob])
  const { pullRequests, unreadable } = await provider.list({ repository, state: 'all' })
  expect(pullRequests.map(({ number }) => number)).toEqual([2])
  expect(unreadable.map(({ number }) => number)).toEqual([1])
  await expect(provider.get({ repository, number: 1 })).rejects.toMatchObject({ code: 'BAD_RESPONSE' })
})

test('a record that was repaired is read again', async () => {
  const { repository, remote } = world
  const before = (await remote.refs())['refs/lg/pulls/1'] ?? ''
  await replaceRecord({ 'pull-request.json': 'x' })
  await expect(provider.get({ repository, number: 1 })).rejects.toMatchObject({ code: 'BAD_RESPONSE' })
  await remote.git(['update-ref', 'refs/lg/pulls/1', before])
  expect((await provider.get({ repository, number: 1 })).title).toBe('a')
})
