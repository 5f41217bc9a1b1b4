import { parseRepositoryReference } from '@lg/git'
import { expect, it } from 'vitest'
import { readHostKind, readProvider, readToken, readWebhooks } from '../src/provider-config.ts'

const choose = (url: string, env: Record<string, string> = {}, provider?: string): unknown => {
  const repository = parseRepositoryReference(url)
  const kind = readHostKind(repository, provider)
  return readProvider(repository, kind, { provider, apiUrl: undefined }, env)
}

it.each([
  ['https://github.com/lg/cars', 'github', 'GH_TOKEN'],
  ['git@gitlab.com:lg/cars', 'gitlab', 'GITLAB_TOKEN'],
  ['https://codeberg.org/lg/cars', 'gitea', 'FORGEJO_TOKEN'],
  ['git@ssh.dev.azure.com:v3/lg/garage/cars', 'azure-devops', 'AZURE_DEVOPS_EXT_PAT'],
])('the URL %s chooses %s, with the token of %s', (url, kind, variable) => {
  expect(choose(url, { [variable]: 'a-token' })).toEqual({
    type: 'hosted',
    kind,
    apiUrl: undefined,
    token: 'a-token',
  })
  expect(choose(url, { [variable]: 'a-token', LG_TOKEN: 'first' })).toMatchObject({ token: 'first' })
})

it('goes without one where there is no token, or nobody knows the host, and says why', () => {
  expect(choose('https://github.com/lg/cars', { GITHUB_TOKEN: '' })).toEqual({
    type: 'none',
    reason: 'no token for github: set LG_TOKEN or GITHUB_TOKEN or GH_TOKEN',
  })
  expect(choose('https://git.example.org/lg/cars', { LG_TOKEN: 'x' })).toMatchObject({
    type: 'none',
    reason: expect.stringContaining('--provider'),
  })
})

it('takes what is said, and the local one for a path', () => {
  expect(choose('/srv/cars.git')).toEqual({ type: 'local' })
  expect(choose('https://github.com/lg/cars', { LG_TOKEN: 'x' }, 'local')).toEqual({ type: 'local' })
  expect(choose('https://github.com/lg/cars', { LG_TOKEN: 'x' }, 'none')).toEqual({
    type: 'none',
    reason: undefined,
  })
  expect(choose('https://git.example.org/lg/cars', { LG_TOKEN: 'x' }, 'gitea')).toMatchObject({
    kind: 'gitea',
  })
})

it('gives the token of one host to no other', () => {
  const env = { GITHUB_TOKEN: 'github', GITLAB_TOKEN: 'gitlab' }
  expect(readToken('gitlab', env)).toBe('gitlab')
  expect(readToken('gitea', env)).toBeUndefined()
  expect(readToken(undefined, env)).toBeUndefined()
})

it('takes webhooks of the host alone, and with a secret', () => {
  expect(readWebhooks('gitea', { LG_WEBHOOK_SECRET: 's' })).toEqual({ kind: 'gitea', secret: 's' })
  expect(readWebhooks('gitea', { LG_WEBHOOK_SECRET: '' })).toBeUndefined()
  expect(() => readWebhooks(undefined, { LG_WEBHOOK_SECRET: 's' })).toThrow(/--provider/)
})
