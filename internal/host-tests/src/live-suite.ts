import { parseRepositoryReference } from '@lg/git'
import type { PullRequestProvider } from '@lg/pull-request'
import { createHttpFetch } from '@lg/pull-request/http'
import { pullRequestConformance, type PullRequestHarness } from '@lg/pull-request/testing'
import { randomHex, systemRandom } from '@lg/runtime'
import { describe } from 'vitest'
import { readLiveEnvironment, type LiveEnvironment } from './live-environment.ts'
import { createLiveGit } from './live-git.ts'

/** One request to the API of a host with its answer, read as JSON; `undefined` for an empty one. */
export type LiveSend = (method: string, path: string, body?: unknown) => Promise<unknown>

/** A repository for one case, with one commit. */
export interface LiveRepository {
  /** Where it is in the API; deleted there. */
  readonly path: string
  readonly cloneUrl: string
  readonly base: string
  /** What Git wants beside the token: `oauth2`. */
  readonly username: string
}

export interface LiveSubject {
  readonly name: string
  /** The part of its variables in `.env.example` that is the host's: `GITHUB`. */
  readonly variables: string
  /** Where the host is when the environment does not say. */
  readonly apiUrl: string
  /** Default: the path after the API's root. */
  address?(path: string, place: { readonly apiUrl: string; readonly owner: string }): string
  /** The headers that carry a token. Default: `Authorization: Bearer`. */
  authorize?(token: string): Readonly<Record<string, string>>
  makeRepository(send: LiveSend, name: string, live: LiveEnvironment): Promise<LiveRepository>
  readonly labels: PullRequestHarness['labels']
  /** Makes labels and milestones before, with this colour. Absent on hosts where there is nothing to make. */
  readonly addNames?: { readonly labelColor?: string }
  /** Default: one user and one milestone. */
  readonly unknown?: PullRequestHarness['unknown']
  createProvider(options: { readonly token: string; readonly apiUrl: string }): PullRequestProvider
}

const milestones = ['v1', '2'] as const

/** Runs the suite of the port against a real host, when the environment has a token for it. */
export function hostLiveSuite(subject: LiveSubject): void {
  const live = readLiveEnvironment(subject.variables)
  describe.skipIf(live === undefined)('live', { timeout: 300_000 }, () => {
    if (live === undefined) return
    pullRequestConformance({
      name: `${subject.name}, live`,
      create: () => createLiveHarness(subject, live),
    })
  })
}

async function createLiveHarness(subject: LiveSubject, live: LiveEnvironment): Promise<PullRequestHarness> {
  const { labels, addNames } = subject
  const { token, users, teams, apiUrl = subject.apiUrl } = live
  const send = createSend(subject, { ...live, apiUrl })
  const name = `lg-live-${randomHex(systemRandom, 6)}`
  const { path, cloneUrl, base, username } = await subject.makeRepository(send, name, live)
  const remove = async (): Promise<void> => void (await send('DELETE', path))
  try {
    if (addNames !== undefined) {
      const color = addNames.labelColor
      for (const label of labels) await send('POST', `${path}/labels`, { name: label, color })
      for (const title of milestones) await send('POST', `${path}/milestones`, { title })
    }
    const repository = parseRepositoryReference(cloneUrl)
    const git = await createLiveGit(repository, { base, username, token })
    return {
      ...git,
      provider: subject.createProvider({ token, apiUrl }),
      repository,
      base,
      users,
      teams,
      milestones,
      labels,
      unknown: subject.unknown ?? { user: `nobody-${name}`, milestone: 'v99' },
      pageSize: 5,
      async close() {
        await git.close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

function createSend(
  { authorize, address = (path, place) => `${place.apiUrl}${path}` }: LiveSubject,
  { token, apiUrl, owner }: LiveEnvironment & { readonly apiUrl: string },
): LiveSend {
  const fetch = createHttpFetch({ baseUrl: apiUrl, token, authorize })
  return async (method, path, body) => {
    const accept = { accept: 'application/json' }
    const init =
      body === undefined ?
        { method, headers: accept }
      : { method, headers: { ...accept, 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const text = await (await fetch(address(path, { apiUrl, owner }), init)).text()
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }
}

/** Where GitHub and Gitea make a repository: for the token's own user, or for an organisation. */
export async function repositoriesOf(
  send: LiveSend,
  owner: string,
): Promise<{ readonly login: string; readonly path: string }> {
  const { login } = (await send('GET', '/user')) as { login: string }
  const own = login.toLowerCase() === owner.toLowerCase()
  return { login, path: own ? '/user/repos' : `/orgs/${owner}/repos` }
}
