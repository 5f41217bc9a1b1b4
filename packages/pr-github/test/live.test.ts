import { parseRepositoryReference } from '@lg/git'
import { createLiveGit, readLiveEnvironment } from '@lg/host-tests'
import { createGitHubProvider } from '@lg/pr-github'
import { createHttpFetch } from '@lg/pull-request/http'
import { pullRequestConformance } from '@lg/pull-request/testing'
import { randomHex, systemRandom } from '@lg/runtime'
import { describe } from 'vitest'

const live = readLiveEnvironment('GITHUB')

describe.skipIf(live === undefined)('live', { timeout: 300_000 }, () => {
  if (live === undefined) return
  const { token, owner, users, teams, apiUrl = 'https://api.github.com' } = live
  const fetch = createHttpFetch({ baseUrl: apiUrl, token })
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const response = await fetch(`${apiUrl}${path}`, init)
    return response.status === 204 ? undefined : ((await response.json()) as unknown)
  }

  pullRequestConformance({
    name: 'GitHub, live',
    async create() {
      const name = `lg-live-${randomHex(systemRandom, 6)}`
      const me = (await send('GET', '/user')) as { login: string }
      const at = me.login.toLowerCase() === owner.toLowerCase() ? '/user/repos' : `/orgs/${owner}/repos`
      const made = (await send('POST', at, { name, private: true, auto_init: true })) as {
        clone_url: string
        default_branch: string
      }
      const path = `/repos/${owner}/${name}`
      const labels = ['user/bot', 'kind/update', 'a, b'] as const
      for (const label of labels) await send('POST', `${path}/labels`, { name: label })
      for (const title of ['v1', '2']) await send('POST', `${path}/milestones`, { title })
      const repository = parseRepositoryReference(made.clone_url)
      const git = await createLiveGit(repository, {
        base: made.default_branch,
        username: 'x-access-token',
        token,
      })
      return {
        ...git,
        provider: createGitHubProvider({ token, apiUrl }),
        repository,
        base: made.default_branch,
        users,
        teams,
        milestones: ['v1', '2'],
        labels,
        unknown: { user: `nobody-${name}`, milestone: 'v99' },
        pageSize: 5,
        async close() {
          await git.close()
          await send('DELETE', path)
        },
      }
    },
  })
})
