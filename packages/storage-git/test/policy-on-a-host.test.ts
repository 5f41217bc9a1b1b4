import { mkdir, symlink } from 'node:fs/promises'
import { createHttpsCredentials, parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createGitDirectory } from '@lg/gitdir'
import { createGitHubProvider } from '@lg/pr-github'
import { createScheme } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { createFakeGitHub, createGitHttpServer, createTree } from '@lg/test-kit'
import { expect, it } from 'vitest'
import { createGitStorage } from '../src/index.ts'
import { carKey, carKind, fleetFiles, type Car } from './fleet.ts'

it('keeps order on a host: supersedes, closes and deletes, and leaves what failed for later', async () => {
  const tree = await createTree({})
  const host = await createFakeGitHub({ dir: tree.path('hosted') })
  const cars = await host.addRepository({ owner: 'lg', name: 'cars', files: fleetFiles })
  await mkdir(tree.path('lg'))
  await symlink(cars.git.dir, tree.path('lg/cars.git'))
  const accounts = [{ user: 'git', token: host.token }]
  const server = await createGitHttpServer({ root: tree.dir, accounts })
  const gitDirectory = createGitDirectory({
    git: createGitCli(),
    repository: parseRepositoryReference(server.url('lg/cars.git')),
    auth: createHttpsCredentials({ password: host.token }),
    interval: 60_000,
    worktree: false,
  })
  const provider = createGitHubProvider({
    apiUrl: host.apiUrl,
    token: host.token,
    writePace: { interval: 0, burst: 1 },
  })
  const scheme = createScheme()
  scheme.register(carKind)
  const storage = createGitStorage({
    gitDirectory,
    serializer: createSerializer({ scheme }),
    pullRequests: provider,
    pullRequestPolicy: { branch: 'lg/{key}/{hash}' },
  })
  const propose = async (speed: number): Promise<unknown> =>
    await storage.transaction('drive-foo-', async (tx) => {
      const car = await tx.get<Car>(carKey('foo'))
      car.status = { ...car.status, speed }
      await tx.update(car)
      return { target: 'pullRequest', title: `Drive at ${speed}` }
    })
  const open = (): readonly number[] =>
    cars.state.pulls.filter(({ state }) => state === 'open').map(({ number }) => number)

  try {
    await storage.start()
    await propose(2)
    const isClose = { method: 'PATCH', path: /\/pulls\/1$/ }
    host.addFault({ type: 'status', status: 500 }, { times: 1, on: isClose })
    expect(await propose(3)).toMatchObject({
      tidied: { closed: [], failed: [{ error: { details: { step: 'close' } } }] },
    })
    expect(open()).toEqual([1, 2])
    expect(await propose(4)).toMatchObject({
      tidied: { closed: [{ number: 2, reason: 'superseded' }, { number: 1 }], failed: [] },
    })
    expect(open()).toEqual([3])
    // It was said before, and is said once.
    expect(cars.state.comments.map(({ pull }) => pull)).toEqual([1, 2])
    await provider.merge({ repository: gitDirectory.reference, number: 3 }, { method: 'squash' })
    expect(await storage.tidyPullRequests()).toMatchObject({
      deleted: [expect.stringMatching('^lg/drive-foo/')],
    })
    expect(Object.keys(await cars.git.branches())).toEqual(['main'])
    expect(host.problems).toEqual([])
  } finally {
    await storage.close()
    await gitDirectory.close()
    await server.close()
    await host.close()
    await tree.close()
  }
})
