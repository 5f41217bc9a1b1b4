import { hostLiveSuite } from '@lg/host-tests'
import { createGitLabProvider } from '@lg/pr-gitlab'

hostLiveSuite({
  name: 'GitLab',
  variables: 'GITLAB',
  apiUrl: 'https://gitlab.com/api/v4',
  authorize: (token) => ({ 'private-token': token }),
  async makeRepository(send, name, { owner }) {
    const group = (await send('GET', `/groups/${encodeURIComponent(owner)}`)) as { id: number }
    const made = (await send('POST', '/projects', {
      name,
      namespace_id: group.id,
      initialize_with_readme: true,
      remove_source_branch_after_merge: false,
    })) as { id: number; http_url_to_repo: string; default_branch: string }
    return {
      path: `/projects/${made.id}`,
      cloneUrl: made.http_url_to_repo,
      base: made.default_branch,
      username: 'oauth2',
    }
  },
  labels: ['user/bot', 'kind/update', 'a b'],
  addNames: { labelColor: '#ff0000' },
  createProvider(options) {
    const peopleLimit = Number(process.env['LG_LIVE_GITLAB_PEOPLE'] || 200)
    return createGitLabProvider({ ...options, peopleLimit })
  },
})
