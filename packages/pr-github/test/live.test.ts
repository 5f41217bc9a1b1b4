import { hostLiveSuite, repositoriesOf } from '@lg/host-tests'
import { createGitHubProvider } from '@lg/pr-github'

hostLiveSuite({
  name: 'GitHub',
  variables: 'GITHUB',
  apiUrl: 'https://api.github.com',
  async makeRepository(send, name, { owner }) {
    const { path } = await repositoriesOf(send, owner)
    const made = (await send('POST', path, { name, private: true, auto_init: true })) as {
      clone_url: string
      default_branch: string
    }
    return {
      path: `/repos/${owner}/${name}`,
      cloneUrl: made.clone_url,
      base: made.default_branch,
      username: 'x-access-token',
    }
  },
  labels: ['user/bot', 'kind/update', 'a, b'],
  addNames: {},
  createProvider: createGitHubProvider,
})
