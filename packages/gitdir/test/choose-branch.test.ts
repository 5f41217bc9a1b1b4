import { describe, expect, test } from 'vitest'
import { chooseBranch } from '../src/choose-branch.ts'

const remote = 'https://git.example.org/fleet/cars.git'
const oid = 'a'.repeat(40)

function refs(...branches: string[]): ReadonlyMap<string, string> {
  return new Map([...branches.map((branch) => [`refs/heads/${branch}`, oid] as const), ['refs/tags/v1', oid]])
}

describe('the branch to follow', () => {
  test('is the one asked for, whatever HEAD names', () => {
    expect(
      chooseBranch({ head: 'main', refs: refs('main', 'release/1') }, { configured: 'release/1', remote }),
    ).toBe('release/1')
  })

  test('is the one that HEAD names when none is asked for', () => {
    expect(
      chooseBranch({ head: 'trunk', refs: refs('main', 'trunk') }, { configured: undefined, remote }),
    ).toBe('trunk')
  })

  test('is still the one followed so far when HEAD names none', () => {
    expect(chooseBranch({ refs: refs('main') }, { configured: undefined, followed: 'main', remote })).toBe(
      'main',
    )
  })

  test('is not a tag of the same name', () => {
    expect(() => chooseBranch({ head: 'main', refs: refs('main') }, { configured: 'v1', remote })).toThrow(
      expect.objectContaining({ code: 'BRANCH_NOT_FOUND' }),
    )
  })
})

describe('no branch to follow is an error that names remote and branch', () => {
  test.each([
    {
      name: 'an empty repository, default branch known',
      given: { head: 'main', refs: new Map() },
      configured: undefined,
      error: { code: 'REPOSITORY_EMPTY', details: { remote, branch: 'main' } },
      says: /https:.* has no commit yet; branch main is picked up as soon as somebody pushes it/,
    },
    {
      name: 'an empty repository, default branch unknown',
      given: { refs: new Map() },
      configured: undefined,
      error: { code: 'REPOSITORY_EMPTY', details: { remote, branch: undefined } },
      says: /a first branch is picked up/,
    },
    {
      name: 'an empty repository, branch asked for',
      given: { head: 'main', refs: new Map() },
      configured: 'dev',
      error: { code: 'REPOSITORY_EMPTY', details: { remote, branch: 'dev' } },
      says: /branch dev is picked up/,
    },
    {
      name: 'a missing branch',
      given: { head: 'main', refs: refs('main', 'dev') },
      configured: 'mian',
      error: { code: 'BRANCH_NOT_FOUND', details: { remote, branch: 'mian', branches: ['dev', 'main'] } },
      says: /https:.* does not have branch mian; it has dev, main$/,
    },
    {
      name: 'a missing default branch',
      given: { head: 'master', refs: refs('main') },
      configured: undefined,
      error: { code: 'BRANCH_NOT_FOUND', details: { remote, branch: 'master', branches: ['main'] } },
      says: /the default branch master, which its HEAD names; it has main$/,
    },
    {
      name: 'a branch that vanished, and HEAD with it',
      given: { refs: refs('dev') },
      configured: undefined,
      followed: 'main',
      error: { code: 'BRANCH_NOT_FOUND', details: { remote, branch: 'main', branches: ['dev'] } },
      says: /does not have branch main; it has dev$/,
    },
    {
      name: 'a detached HEAD',
      given: { refs: refs('main') },
      configured: undefined,
      error: { code: 'DEFAULT_BRANCH_UNKNOWN', details: { remote, branches: ['main'] } },
      says: /set the option branch \(it has main\)/,
    },
  ])('$name', ({ given, configured, followed, error, says }) => {
    const choose = (): string => chooseBranch(given, { configured, followed, remote })
    expect(choose).toThrow(expect.objectContaining(error))
    expect(choose).toThrow(says)
  })

  test('and names no more than ten of many branches', () => {
    const many = refs(...Array.from({ length: 5_000 }, (_, index) => `user/${index}`))
    expect(() => chooseBranch({ refs: many }, { configured: 'main', remote })).toThrow(/user\/1005, \.\.\.$/)
  })
})
