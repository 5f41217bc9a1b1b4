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
const factory =
  (kind: string): ProviderFactory =>
  (host) => {
    asked.push([kind, host])
    return { name: kind } as PullRequestProvider
  }
const kinds = ['github', 'gitlab', 'gitea', 'azure-devops', 'local'] as const
const providers: ProviderForOptions['providers'] = Object.fromEntries(
  kinds.map((kind) => [kind, factory(kind)]),
)
const hosts: ProviderForOptions['hosts'] = {
  'git.example.org': 'gitea',
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

  it('is made with what the URL and the settings tell', () => {
    asked.length = 0
    providerFor('https://code.example.org:8443/gitlab/lg/cars', { hosts, providers })
    providerFor('git@ssh.dev.azure.com:v3/lg/garage/cars', { hosts, providers })
    expect(asked).toMatchObject([
      [
        'gitlab',
        {
          host: 'code.example.org',
          apiUrl: 'https://code.example.org:8443/gitlab/api/v4',
          repository: { name: 'cars' },
        },
      ],
      ['azure-devops', { host: 'dev.azure.com', apiUrl: undefined, repository: { owner: 'lg/garage' } }],
    ])
  })

  it.each([
    ['/srv/git/cars.git', 'local', /no hosting service/],
    ['https://unknown.example.org/lg/cars', '', /"hosts"/],
    ['https://gitlab.com/lg/cars', 'gitlab', /providers\.gitlab/],
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
