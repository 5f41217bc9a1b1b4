import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRemoteFixture, healthy, type RemoteFixture } from './remote.ts'

let remote: RemoteFixture
beforeEach(async () => {
  remote = await createRemoteFixture()
})
afterEach(() => remote.close())

describe('the branch', () => {
  test('is the one that the remote HEAD names', async () => {
    const trunk = await remote.bare.commit({ branch: 'trunk', files: { 'a.yaml': 'a: 1\n' } })
    await remote.bare.setHead('trunk')
    const directory = remote.open({ branch: undefined })
    await directory.start()
    expect([directory.branch, directory.head?.oid]).toEqual(['trunk', trunk])
  })

  test('is the one asked for, also with a slash in its name', async () => {
    const release = await remote.bare.commit({ branch: 'release/1.0', files: { 'a.yaml': 'a: 1\n' } })
    const directory = remote.open({ branch: 'release/1.0' })
    await directory.start()
    expect([directory.branch, directory.head?.oid]).toEqual(['release/1.0', release])
  })

  test('that is missing fails the start with its name and the remote', async () => {
    const directory = remote.open({ branch: 'mian' })
    await expect(directory.start()).rejects.toMatchObject({
      code: 'BRANCH_NOT_FOUND',
      message: `${remote.server.url('fleet/cars.git')} does not have branch mian; it has main`,
      details: { branch: 'mian', branches: ['main'] },
    })
  })
})

describe('an empty repository', () => {
  let empty: RemoteFixture
  beforeEach(async () => {
    empty = await createRemoteFixture({ files: {} })
  })
  afterEach(() => empty.close())

  test('starts, says so, and is followed once somebody pushes', async () => {
    const directory = empty.open()
    await directory.start()
    expect(directory.branch).toBe('main')
    expect(directory.head).toBeUndefined()
    expect(directory.health.current).toEqual({
      state: 'degraded',
      error: expect.objectContaining({
        code: 'REPOSITORY_EMPTY',
        details: { remote: directory.remote, branch: 'main' },
      }),
      since: empty.clock.now(),
      failures: 1,
      nextAttempt: empty.clock.now() + 30_000,
    })
    await expect(directory.pull()).rejects.toMatchObject({ code: 'REPOSITORY_EMPTY' })
    await expect(directory.ensureFresh('local')).rejects.toMatchObject({ code: 'REPOSITORY_EMPTY' })

    const first = await empty.bare.commit({ files: { 'cars/foo.yaml': 'kind: Car\n' } })
    await empty.clock.advance(30_000)
    await healthy(directory, 'ready')
    expect(directory.head?.oid).toBe(first)
  })

  test('gets its default branch with the first push', async () => {
    const directory = empty.open({ branch: undefined })
    await directory.start()
    expect(directory.health.current).toMatchObject({ state: 'degraded', error: { code: 'REPOSITORY_EMPTY' } })
    await empty.bare.setHead('trunk')
    const first = await empty.bare.commit({ branch: 'trunk', files: { 'cars/foo.yaml': 'kind: Car\n' } })
    expect((await directory.pull()).oid).toBe(first)
    expect(directory.branch).toBe('trunk')
  })
})
