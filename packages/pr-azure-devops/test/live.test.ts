import { parseRepositoryReference } from '@lg/git'
import { createLiveGit, readLiveEnvironment } from '@lg/host-tests'
import { createAzureDevOpsProvider } from '@lg/pr-azure-devops'
import { createHttpFetch } from '@lg/pull-request/http'
import { pullRequestConformance } from '@lg/pull-request/testing'
import { randomHex, systemRandom } from '@lg/runtime'
import { describe } from 'vitest'

const live = readLiveEnvironment('AZURE_DEVOPS')

describe.skipIf(live === undefined)('live', { timeout: 300_000 }, () => {
  if (live === undefined) return
  const { token, owner, users, teams, apiUrl = 'https://dev.azure.com' } = live
  const authorize = (value: string): Record<string, string> => ({
    authorization: `Basic ${btoa(`:${value}`)}`,
  })
  const fetch = createHttpFetch({ baseUrl: apiUrl, token, authorize })
  const project = `${apiUrl}/${owner.split('/').map(encodeURIComponent).join('/')}`
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const text = await (await fetch(`${project}/_apis/git/repositories${path}?api-version=7.1`, init)).text()
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }

  pullRequestConformance({
    name: 'Azure DevOps, live',
    async create() {
      const name = `lg-live-${randomHex(systemRandom, 6)}`
      const made = (await send('POST', '', { name })) as { id: string; remoteUrl: string }
      // A new repository has no commit.
      await send('POST', `/${made.id}/pushes`, {
        refUpdates: [{ name: 'refs/heads/main', oldObjectId: '0'.repeat(40) }],
        commits: [
          {
            comment: 'Add files',
            changes: [
              {
                changeType: 'add',
                item: { path: '/README.md' },
                newContent: { content: '# Cars\n', contentType: 'rawtext' },
              },
            ],
          },
        ],
      })
      const repository = parseRepositoryReference(made.remoteUrl)
      const git = await createLiveGit(repository, { base: 'main', username: 'pat', token })
      return {
        ...git,
        provider: createAzureDevOpsProvider({ token, apiUrl }),
        repository,
        base: 'main',
        users,
        teams,
        milestones: ['v1', '2'],
        labels: ['user/bot', 'kind/update', 'a "b" c'],
        unknown: {},
        pageSize: 5,
        async close() {
          await git.close()
          await send('DELETE', `/${made.id}`)
        },
      }
    },
  })
})
