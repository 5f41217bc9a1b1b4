import { parseRepositoryReference } from '@lg/git'
import { createLiveGit, readLiveEnvironment } from '@lg/host-tests'
import { createGiteaProvider } from '@lg/pr-gitea'
import { createHttpFetch } from '@lg/pull-request/http'
import { pullRequestConformance } from '@lg/pull-request/testing'
import { randomHex, systemRandom } from '@lg/runtime'
import { describe } from 'vitest'

const live = readLiveEnvironment('GITEA')

describe.skipIf(live === undefined)('live', { timeout: 300_000 }, () => {
  if (live === undefined) return
  const { token, owner, users, teams, apiUrl = 'http://localhost:3000' } = live
  const fetch = createHttpFetch({ baseUrl: apiUrl, token })
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const json = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await fetch(`${apiUrl}/api/v1${path}`, body === undefined ? { method } : json)
    return response.status === 204 ? undefined : ((await response.json()) as unknown)
  }

  pullRequestConformance({
    name: 'Gitea, live',
    async create() {
      const name = `lg-live-${randomHex(systemRandom, 6)}`
      const me = (await send('GET', '/user')) as { login: string }
      const at = me.login.toLowerCase() === owner.toLowerCase() ? '/user/repos' : `/orgs/${owner}/repos`
      const made = (await send('POST', at, { name, private: true, auto_init: true })) as {
        clone_url: string
        default_branch: string
      }
      const path = `/repos/${owner}/${name}`
      await send('PATCH', path, {
        has_pull_requests: true,
        allow_merge_commits: true,
        allow_rebase: true,
        allow_squash_merge: true,
        allow_fast_forward_only_merge: true,
        default_delete_branch_after_merge: false,
      })
      // A private repository is for its own people alone.
      for (const user of users) await send('PUT', `${path}/collaborators/${user}`, { permission: 'write' })
      const labels = ['user/bot', 'kind/update', 'a, b'] as const
      for (const label of labels) await send('POST', `${path}/labels`, { name: label, color: '#ededed' })
      for (const title of ['v1', '2']) await send('POST', `${path}/milestones`, { title })
      const repository = parseRepositoryReference(made.clone_url)
      const git = await createLiveGit(repository, { base: made.default_branch, username: me.login, token })
      return {
        ...git,
        provider: createGiteaProvider({ token, apiUrl }),
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
