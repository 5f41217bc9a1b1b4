import { parseRepositoryReference } from '@lg/git'
import { createLiveGit, readLiveEnvironment } from '@lg/host-tests'
import { createGitLabProvider } from '@lg/pr-gitlab'
import { createHttpFetch } from '@lg/pull-request/http'
import { pullRequestConformance } from '@lg/pull-request/testing'
import { randomHex, systemRandom } from '@lg/runtime'
import { describe } from 'vitest'

const live = readLiveEnvironment('GITLAB')

describe.skipIf(live === undefined)('live', { timeout: 300_000 }, () => {
  if (live === undefined) return
  const { token, owner, users, apiUrl = 'https://gitlab.com/api/v4' } = live
  const peopleLimit = Number(process.env['LG_LIVE_GITLAB_PEOPLE'] || 200)
  const authorize = (secret: string): Record<string, string> => ({ 'private-token': secret })
  const fetch = createHttpFetch({ baseUrl: apiUrl, token, authorize })
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' }
    const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
    const response = await fetch(`${apiUrl}${path}`, init)
    return response.status === 204 ? undefined : ((await response.json()) as unknown)
  }

  pullRequestConformance({
    name: 'GitLab, live',
    async create() {
      const name = `lg-live-${randomHex(systemRandom, 6)}`
      const group = (await send('GET', `/groups/${encodeURIComponent(owner)}`)) as { id: number }
      const made = (await send('POST', '/projects', {
        name,
        namespace_id: group.id,
        initialize_with_readme: true,
        remove_source_branch_after_merge: false,
      })) as { id: number; http_url_to_repo: string; default_branch: string }
      const path = `/projects/${made.id}`
      const labels = ['user/bot', 'kind/update', 'a b'] as const
      for (const label of labels) await send('POST', `${path}/labels`, { name: label, color: '#ff0000' })
      for (const title of ['v1', '2']) await send('POST', `${path}/milestones`, { title })
      const repository = parseRepositoryReference(made.http_url_to_repo)
      const git = await createLiveGit(repository, { base: made.default_branch, username: 'oauth2', token })
      return {
        ...git,
        provider: createGitLabProvider({ token, apiUrl, peopleLimit }),
        repository,
        base: made.default_branch,
        users,
        teams: [],
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
