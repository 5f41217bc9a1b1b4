import { parseRepositoryReference } from '@lg/git'
import { createAzureDevOpsProvider, type AzureDevOpsProviderOptions } from '@lg/pr-azure-devops'
import { pullRequestErrors } from '@lg/pull-request'
import { httpErrors } from '@lg/pull-request/http'
import { describe, expect, it } from 'vitest'

interface Sent {
  readonly url: URL
  readonly headers: Headers
}

/** What is sent for a list of the pull requests of a repository; every list is empty. */
async function requestFor(url: string, options: Partial<AzureDevOpsProviderOptions> = {}): Promise<Sent> {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { url: address, headers } = new Request(input, init)
    sent.push({ url: new URL(address), headers })
    return Response.json({ count: 0, value: [] })
  }
  const provider = createAzureDevOpsProvider({ token: 'a-token', fetch, ...options })
  await provider.list({ repository: parseRepositoryReference(url) })
  const [first] = sent
  if (first === undefined) throw new Error('Nothing was sent')
  return first
}

const services = 'https://dev.azure.com/lg/My%20Garage/_apis/git/repositories/cars/pullrequests'
const server =
  'https://tfs.example.org/tfs/DefaultCollection/My%20Garage/_apis/git/repositories/cars/pullrequests'
const collection = { apiUrl: 'https://tfs.example.org/tfs/DefaultCollection/' }

describe('a repository', () => {
  it.each([
    ['https://dev.azure.com/lg/My%20Garage/_git/cars', {}, services],
    ['https://someone@dev.azure.com/lg/My%20Garage/_git/cars', {}, services],
    ['git@ssh.dev.azure.com:v3/lg/My%20Garage/cars', {}, services],
    ['ssh://git@ssh.dev.azure.com/v3/lg/My%20Garage/cars', {}, services],
    ['https://lg.visualstudio.com/My%20Garage/_git/cars', {}, services],
    ['https://lg.visualstudio.com/DefaultCollection/My%20Garage/_git/cars', {}, services],
    ['lg@vs-ssh.visualstudio.com:v3/lg/My%20Garage/cars', {}, services],
    ['https://dev.azure.com/LG/My%20Garage/_git/cars', { apiUrl: 'https://dev.azure.com/lg/' }, services],
    ['https://dev.azure.com/lg/My%20Garage/_git/cars', { apiUrl: 'https://lg.visualstudio.com' }, services],
    [
      'https://dev.azure.com/lg/My%20Garage/_git/cars',
      { apiUrl: 'https://lg.visualstudio.com/DefaultCollection/' },
      services,
    ],
    [
      'https://dev.azure.com/lg/_git/cars',
      {},
      'https://dev.azure.com/lg/cars/_apis/git/repositories/cars/pullrequests',
    ],
    ['https://tfs.example.org/tfs/DefaultCollection/My%20Garage/_git/cars', collection, server],
    ['https://tfs.example.org/tfs/defaultcollection/My%20Garage/_git/cars', collection, server],
    ['ssh://tfs.example.org:22/tfs/DefaultCollection/My%20Garage/_git/cars', collection, server],
    ['ssh://tfs.example.org:22/tfs/DefaultCollection/My%20Garage/_ssh/cars', collection, server],
    [
      'https://tfs.example.org/tfs/DefaultCollection/_git/cars',
      collection,
      'https://tfs.example.org/tfs/DefaultCollection/cars/_apis/git/repositories/cars/pullrequests',
    ],
    [
      'https://tfs.example.org/tfs/DefaultCollection/My%20Garage/_git/cars',
      { apiUrl: 'https://tfs.example.org/tfs' },
      server,
    ],
  ])('%s with %j is found', async (url, options, expected) => {
    const { url: sent } = await requestFor(url, options)
    expect(`${sent.origin}${sent.pathname}`).toBe(expected)
  })

  it.each([
    ['https://dev.azure.com/other/My%20Garage/_git/cars', { apiUrl: 'https://dev.azure.com/lg' }],
    ['https://tfs.example.org/tfs/Other/My%20Garage/_git/cars', collection],
    ['https://tfs.example.org/a/b/c/d/_git/cars', { apiUrl: 'https://tfs.example.org/' }],
    ['https://tfs.example.org/tfs/DefaultCollection/My%20Garage/_git/cars', {}],
  ])('%s is none of %j: NO_HOST, and nothing is sent', async (url, options) => {
    const error = await requestFor(url, options).catch((thrown: unknown) => thrown)
    expect(pullRequestErrors.is(error, 'NO_HOST') && error.details.step).toBe('list')
  })
})

describe('every request', () => {
  it('names the version of the API', async () => {
    const url = 'https://dev.azure.com/lg/garage/_git/cars'
    expect((await requestFor(url)).url.searchParams.get('api-version')).toBe('7.1')
    const older = await requestFor(url, { apiVersion: '6.0' })
    expect(older.url.searchParams.get('api-version')).toBe('6.0')
  })

  it.each([
    ['a personal access token', 'a-token', {}, `Basic ${btoa(':a-token')}`],
    ['a token of Entra', 'eyJhbGciOi.eyJzdWIi.sig-_', {}, 'Bearer eyJhbGciOi.eyJzdWIi.sig-_'],
    ['one that is called so', 'opaque', { tokenType: 'bearer' }, 'Bearer opaque'],
    ['one that only looks so', 'eyJ.eyJ.x', { tokenType: 'pat' }, `Basic ${btoa(':eyJ.eyJ.x')}`],
  ] as const)('has %s as Azure DevOps wants it', async (_, token, options, expected) => {
    const { headers } = await requestFor('https://dev.azure.com/lg/garage/_git/cars', { token, ...options })
    expect(headers.get('authorization')).toBe(expected)
    // Without it, a token that is refused would be answered with a sign-in page.
    expect(headers.get('x-tfs-fedauthredirect')).toBe('Suppress')
  })
})

describe('people', () => {
  const spec = { head: 'faster', base: 'main', title: 'Faster', reviewers: ['ann@example.com'] }
  const lookedUpAt = async (url: string, options: Partial<AzureDevOpsProviderOptions>): Promise<string> => {
    const sent: string[] = []
    const fetch: typeof globalThis.fetch = async (input) => {
      sent.push(new Request(input).url)
      return Response.json({ count: 0, value: [] })
    }
    const provider = createAzureDevOpsProvider({ token: 'a-token', fetch, ...options })
    const call = provider.createPullRequest({ ...spec, repository: parseRepositoryReference(url) })
    const error = await call.catch((thrown: unknown) => thrown)
    expect(pullRequestErrors.is(error, 'UNKNOWN_USER')).toBe(true)
    return (sent.at(-1) ?? '').replace(/\?.*$/, '')
  }

  it.each([
    ['https://dev.azure.com/lg/garage/_git/cars', {}, 'https://vssps.dev.azure.com/lg/_apis/identities'],
    [
      'https://dev.azure.com/lg/garage/_git/cars',
      { apiUrl: 'https://dev.azure.com/lg' },
      'https://vssps.dev.azure.com/lg/_apis/identities',
    ],
    [
      'https://tfs.example.org/tfs/DefaultCollection/garage/_git/cars',
      collection,
      'https://tfs.example.org/tfs/DefaultCollection/_apis/identities',
    ],
    [
      'https://dev.azure.com/lg/garage/_git/cars',
      { identityUrl: 'https://people.example.org' },
      'https://people.example.org/lg/_apis/identities',
    ],
  ])('of %s with %j are looked up where they are', async (url, options, expected) => {
    expect(await lookedUpAt(url, options)).toBe(expected)
  })
})

it('a list that knows no pages is read once', async () => {
  let sent = 0
  const fetch: typeof globalThis.fetch = async () => {
    sent += 1
    return Response.json({ count: 1, value: [{ pullRequestId: 1 }] })
  }
  const provider = createAzureDevOpsProvider({ token: 'a-token', fetch })
  const repository = parseRepositoryReference('https://dev.azure.com/lg/garage/_git/cars')
  const { unreadable } = await provider.list({ repository })
  expect([sent, unreadable.length]).toEqual([2, 1])
})

it.each([
  { apiUrl: 'http://tfs.example.org' },
  { apiUrl: 'https://user:secret@tfs.example.org' },
  { identityUrl: 'not a URL' },
  { token: '' },
])('a wrong option is INVALID_OPTION: %j', (options) => {
  const make = (): unknown => createAzureDevOpsProvider({ token: 'a-token', ...options })
  expect(make).toThrow(expect.toSatisfy((error: unknown) => httpErrors.is(error, 'INVALID_OPTION')))
})
