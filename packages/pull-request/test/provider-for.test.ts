import { parseRepositoryReference } from '@lg/git'
import {
  providerFor,
  pullRequestErrors,
  type ChosenHost,
  type ProviderFactory,
  type ProviderForOptions,
  type PullRequestProvider,
} from '@lg/pull-request'
import { describe, expect, it } from 'vitest'

const asked: [string, ChosenHost][] = []
const provider = (kind: string): PullRequestProvider => ({ name: kind }) as PullRequestProvider
const factory =
  (kind: string): ProviderFactory =>
  (host) => {
    asked.push([kind, host])
    return provider(kind)
  }
const providers: ProviderForOptions['providers'] = {
  github: factory('github'),
  gitlab: factory('gitlab'),
  gitea: factory('gitea'),
  'azure-devops': factory('azure-devops'),
  local: () => provider('local'),
}
const hosts: ProviderForOptions['hosts'] = {
  'git.example.org': 'gitea',
  'tfs.example.org': 'azure-devops',
  'code.example.org:8443': { kind: 'gitlab', apiUrl: 'https://code.example.org:8443/gitlab/api/v4' },
}
const without = (kind: string): ProviderForOptions['providers'] =>
  Object.fromEntries(Object.entries(providers).filter(([name]) => name !== kind))

describe('the provider for a repository', () => {
  it.each([
    ['https://github.com/lg/cars.git', 'github'],
    ['ssh://git@ssh.github.com:443/lg/cars', 'github'],
    ['https://acme.ghe.com/lg/cars', 'github'],
    ['git@gitlab.com:lg/sub/cars.git', 'gitlab'],
    ['https://code.example.org:8443/gitlab/lg/cars', 'gitlab'],
    ['https://codeberg.org/lg/cars', 'gitea'],
    ['ssh://git@git.example.org:2222/lg/cars', 'gitea'],
    ['git@ssh.dev.azure.com:v3/lg/garage/cars', 'azure-devops'],
    ['https://lg.visualstudio.com/DefaultCollection/garage/_git/cars', 'azure-devops'],
    ['/srv/git/cars.git', 'local'],
    ['file:///srv/git/cars.git', 'local'],
  ])('of %s is that of %s', (url, kind) => {
    expect(providerFor(url, { hosts, providers }).name).toBe(kind)
    expect(providerFor(parseRepositoryReference(url), { hosts, providers }).name).toBe(kind)
  })

  it.each([
    ['https://github.com/lg/cars', 'github.com', 'https://api.github.com'],
    ['git@acme.ghe.com:lg/cars', 'acme.ghe.com', 'https://api.acme.ghe.com'],
    ['ssh://git@github.example.org:2222/lg/cars', 'github.example.org', 'https://github.example.org/api/v3'],
    ['ssh://git@altssh.gitlab.com:443/lg/cars', 'gitlab.com', 'https://gitlab.com/api/v4'],
    ['git@git.example.org:lg/cars', 'git.example.org', 'https://git.example.org'],
    ['http://git.example.org:3000/lg/cars', 'git.example.org', 'http://git.example.org:3000'],
    ['git@ssh.dev.azure.com:v3/lg/garage/cars', 'dev.azure.com', 'https://dev.azure.com'],
    [
      'https://code.example.org:8443/gitlab/lg/cars',
      'code.example.org',
      'https://code.example.org:8443/gitlab/api/v4',
    ],
  ])('of %s is made with the host and its API', (url, host, apiUrl) => {
    asked.length = 0
    providerFor(url, { hosts: { ...hosts, 'github.example.org': 'github' }, providers })
    expect(asked).toMatchObject([[expect.any(String), { host, apiUrl, repository: { name: 'cars' } }]])
  })

  it.each([
    ['/srv/git/cars.git', 'local', /no hosting service/],
    ['https://unknown.example.org/lg/cars', '', /"hosts"/],
    ['https://gitlab.com/lg/cars', 'gitlab', /providers\.gitlab/],
    ['https://tfs.example.org/tfs/Main/garage/_git/cars', '', /apiUrl/],
  ])('of %s is NO_HOST without one for it', (url, missing, words) => {
    let error: unknown
    try {
      providerFor(url, { hosts, providers: without(missing) })
    } catch (thrown) {
      error = thrown
    }
    expect(pullRequestErrors.is(error, 'NO_HOST')).toBe(true)
    expect((error as Error).message).toMatch(words)
  })

  it('is not made for what is no repository, and shows no secret', () => {
    expect(() => providerFor('https://bot:s3cret@github.com/', { providers })).toThrow(
      expect.objectContaining({ code: 'INVALID_REPOSITORY', message: expect.not.stringContaining('s3cret') }),
    )
  })
})
