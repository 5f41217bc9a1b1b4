import { createAzureDevOpsWebhooks } from '@lg/pr-azure-devops'
import { webhookConformance, type WebhookNews } from '@lg/pull-request/testing'
import { expect, it } from 'vitest'

const zeros = '0'.repeat(40)
const repository = {
  id: '278d5cd2-584d-4b63-824a-2ba458937249',
  name: 'cars',
  remoteUrl: 'https://dev.azure.com/lg/garage/_git/cars',
  project: { name: 'garage' },
}
const kinds = {
  opened: ['git.pullrequest.created', 'active'],
  updated: ['git.pullrequest.updated', 'active'],
  // Reopening is an update as any other.
  reopened: ['git.pullrequest.updated', 'active'],
  closed: ['git.pullrequest.updated', 'abandoned'],
  merged: ['git.pullrequest.merged', 'completed'],
} as const

function payload(news: WebhookNews): string {
  const notification = { id: '03c164c2-8912-4d5e-8009-3707d5f83734', notificationId: 1, publisherId: 'tfs' }
  if (news.type === 'other')
    return JSON.stringify({ ...notification, eventType: 'build.complete', resource: {} })
  if (news.type === 'push') {
    const { ref, before, after } = news
    const refUpdates = [{ name: ref, oldObjectId: before ?? zeros, newObjectId: after ?? zeros }]
    return JSON.stringify({
      ...notification,
      eventType: 'git.push',
      resource: { refUpdates, repository, commits: [] },
    })
  }
  const { action, number, title, head, headCommit, base } = news
  const [eventType, status] = kinds[action]
  const resource = {
    pullRequestId: number,
    status,
    title,
    sourceRefName: `refs/heads/${head}`,
    targetRefName: `refs/heads/${base}`,
    lastMergeSourceCommit: { commitId: headCommit },
    repository,
    _links: { web: { href: `https://dev.azure.com/lg/garage/_git/cars/pullrequest/${number}` } },
  }
  return JSON.stringify({ ...notification, eventType, resource })
}

webhookConformance({
  name: 'Azure DevOps',
  create: createAzureDevOpsWebhooks,
  secrets: ['first-secret-4f6a', 'second-secret-9c1e'],
  repository: { owner: 'lg/garage', name: 'cars' },
  signs: false,
  payload,
  headers: async (_body, secret) => ({ authorization: `Basic ${btoa(`hook:${secret}`)}` }),
})

const request = (credentials: string, body = payload({ type: 'other' })): Request =>
  new Request('https://hooks.example.org/', {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      authorization: `Basic ${btoa(credentials)}`,
    },
    body,
  })

it('compares the user too when the secret names one', async () => {
  const webhooks = createAzureDevOpsWebhooks({ secret: 'ann:a:secret' })
  expect(await webhooks.receive(request('ann:a:secret'))).toMatchObject({
    type: 'other',
    name: 'build.complete',
  })
  for (const credentials of ['bob:a:secret', 'ann:a', 'a:secret', ':', '']) {
    await expect(webhooks.receive(request(credentials))).rejects.toMatchObject({ code: 'UNVERIFIED' })
  }
})

it('takes a merge that was only tried for an update', async () => {
  const tried = payload({
    type: 'pullRequest',
    action: 'merged',
    number: 7,
    title: 'Faster',
    head: 'x',
    headCommit: '2'.repeat(40),
    base: 'main',
  }).replace('"completed"', '"active"')
  const webhooks = createAzureDevOpsWebhooks({ secret: 'a-secret' })
  expect(await webhooks.receive(request('hook:a-secret', tried))).toMatchObject({ action: 'updated' })
})

it('reads all refs that one push has moved', async () => {
  const body = JSON.stringify({
    id: '1',
    eventType: 'git.push',
    resource: {
      repository,
      refUpdates: [
        { name: 'refs/heads/main', oldObjectId: '1'.repeat(40), newObjectId: '2'.repeat(40) },
        { name: 'refs/heads/gone', oldObjectId: '1'.repeat(40), newObjectId: zeros },
      ],
    },
  })
  const event = await createAzureDevOpsWebhooks({ secret: 'a-secret' }).receive(request(':a-secret', body))
  expect(event).toMatchObject({ changes: [{ branch: 'main' }, { branch: 'gone', after: null }] })
})
