import { createHmac } from 'node:crypto'
import { createGiteaWebhooks } from '@lg/pr-gitea'
import { webhookConformance, type WebhookNews } from '@lg/pull-request/testing'
import { expect, it } from 'vitest'

const zeros = '0'.repeat(40)
const repository = { id: 1, full_name: 'lg/cars', clone_url: 'https://git.example.org/lg/cars.git' }
const actions = {
  opened: 'opened',
  updated: 'synchronized',
  reopened: 'reopened',
  closed: 'closed',
  merged: 'closed',
}
const names = { push: 'push', pullRequest: 'pull_request', other: 'release' }

function payload(news: WebhookNews): string {
  if (news.type === 'other') return JSON.stringify({ action: 'published', repository })
  if (news.type === 'push') {
    const { ref, before, after } = news
    return JSON.stringify({
      ref,
      before: before ?? zeros,
      after: after ?? zeros,
      commits: [],
      total_commits: 0,
      repository,
    })
  }
  const { action, number, title, head, headCommit, base } = news
  const pull_request = {
    number,
    title,
    html_url: `https://git.example.org/lg/cars/pulls/${number}`,
    state: action === 'closed' || action === 'merged' ? 'closed' : 'open',
    merged: action === 'merged',
    head: { label: head, ref: head, sha: headCommit, repo: repository },
    base: { label: base, ref: base, sha: zeros, repo: repository },
  }
  return JSON.stringify({ action: actions[action], number, pull_request, repository, review: null })
}

const hmac = (secret: string, body: string): string => createHmac('sha256', secret).update(body).digest('hex')

for (const [name, prefix] of [
  ['Gitea', 'x-gitea'],
  ['Forgejo', 'x-forgejo'],
] as const) {
  webhookConformance({
    name,
    create: createGiteaWebhooks,
    secrets: ['first-secret-4f6a', 'second-secret-9c1e'],
    repository: { owner: 'lg', name: 'cars' },
    signs: true,
    payload,
    headers: async (body, secret, { type }) => ({
      [`${prefix}-event`]: names[type],
      [`${prefix}-delivery`]: 'f6266f16-1bf3-46a5-9ea4-602e06ead473',
      [`${prefix}-signature`]: hmac(secret, body),
    }),
  })
}

it('goes by the signature of Forgejo where both are there, and reads a review as an update', async () => {
  const body = payload({
    type: 'pullRequest',
    action: 'updated',
    number: 7,
    title: 'Faster',
    head: 'x',
    headCommit: '2'.repeat(40),
    base: 'main',
  }).replace('synchronized', 'reviewed')
  const receive = async (headers: Record<string, string>): Promise<unknown> =>
    await createGiteaWebhooks({ secret: 'a-secret' }).receive(
      new Request('https://hooks.example.org/', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-gitea-event': 'pull_request_approved', ...headers },
        body,
      }),
    )
  const right = hmac('a-secret', body)
  expect(await receive({ 'x-forgejo-signature': right, 'x-gitea-signature': 'ff' })).toMatchObject({
    type: 'pullRequest',
    action: 'updated',
  })
  await expect(receive({ 'x-forgejo-signature': 'ff', 'x-gitea-signature': right })).rejects.toMatchObject({
    code: 'UNVERIFIED',
  })
})
