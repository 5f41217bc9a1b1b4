import { parseRepositoryReference } from '@lg/git'
import { hostOf, pullRequestErrors, type HostKind } from '@lg/pull-request'
import { describe, expect, it } from 'vitest'

const hosts: Readonly<Record<string, HostKind>> = {
  'git.example.org': 'gitea',
  'code.example.org:8443': 'gitlab',
}

describe('the kind of host', () => {
  it.each([
    ['https://github.com/lg/cars.git', 'github'],
    ['git@github.com:lg/cars.git', 'github'],
    ['ssh://git@ssh.github.com:443/lg/cars', 'github'],
    ['https://lg.ghe.com/lg/cars', 'github'],
    ['https://gitlab.com/lg/sub/cars', 'gitlab'],
    ['ssh://git@altssh.gitlab.com:443/lg/cars', 'gitlab'],
    ['https://codeberg.org/lg/cars', 'gitea'],
    ['https://gitea.com/lg/cars', 'gitea'],
    ['git@ssh.dev.azure.com:v3/lg/garage/cars', 'azure-devops'],
    ['https://lg.visualstudio.com/garage/_git/cars', 'azure-devops'],
    ['ssh://git@git.example.org:2222/lg/cars', 'gitea'],
    ['https://code.example.org:8443/lg/cars', 'gitlab'],
  ])('%s is %s', (url, kind) => expect(hostOf(parseRepositoryReference(url), { hosts })).toBe(kind))

  it.each([
    'file:///srv/cars.git',
    '/srv/cars.git',
    'https://code.example.org/lg/cars',
    'https://notgithub.com/a/b',
  ])('%s is NO_HOST', (url) => {
    let error: unknown
    try {
      hostOf(parseRepositoryReference(url), { hosts })
    } catch (thrown) {
      error = thrown
    }
    expect(pullRequestErrors.is(error, 'NO_HOST') && error.details.repository).toBeTruthy()
  })

  it('is looked up by the caller first, and not in a prototype', () => {
    const reference = parseRepositoryReference('https://github.com/lg/cars')
    expect(hostOf(reference, { hosts: { 'github.com': 'gitea' } })).toBe('gitea')
    expect(() => hostOf(parseRepositoryReference('https://constructor/lg/cars'))).toThrow(/constructor/)
  })
})
