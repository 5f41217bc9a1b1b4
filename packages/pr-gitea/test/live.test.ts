import { hostLiveSuite, repositoriesOf } from '@lg/host-tests'
import { createGiteaProvider } from '@lg/pr-gitea'

hostLiveSuite({
  name: 'Gitea',
  variables: 'GITEA',
  apiUrl: 'http://localhost:3000',
  address: (path, { apiUrl }) => `${apiUrl}/api/v1${path}`,
  async makeRepository(send, name, { owner, users }) {
    const { login, path: repositories } = await repositoriesOf(send, owner)
    const made = (await send('POST', repositories, { name, private: true, auto_init: true })) as {
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
    return { path, cloneUrl: made.clone_url, base: made.default_branch, username: login }
  },
  labels: ['user/bot', 'kind/update', 'a, b'],
  addNames: { labelColor: '#ededed' },
  createProvider: createGiteaProvider,
})
