import { hostLiveSuite } from '@lg/host-tests'
import { createAzureDevOpsProvider } from '@lg/pr-azure-devops'

/** A new repository has no commit. */
const firstPush = {
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
}

hostLiveSuite({
  name: 'Azure DevOps',
  variables: 'AZURE_DEVOPS',
  apiUrl: 'https://dev.azure.com',
  address(path, { apiUrl, owner }) {
    const project = owner.split('/').map(encodeURIComponent).join('/')
    return `${apiUrl}/${project}/_apis/git/repositories${path}?api-version=7.1`
  },
  authorize: (token) => ({ authorization: `Basic ${btoa(`:${token}`)}` }),
  async makeRepository(send, name) {
    const made = (await send('POST', '', { name })) as { id: string; remoteUrl: string }
    await send('POST', `/${made.id}/pushes`, firstPush)
    return { path: `/${made.id}`, cloneUrl: made.remoteUrl, base: 'main', username: 'pat' }
  },
  labels: ['user/bot', 'kind/update', 'a "b" c'],
  unknown: {},
  createProvider: createAzureDevOpsProvider,
})
