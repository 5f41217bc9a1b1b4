import { createHmac } from 'node:crypto'
import { createGitHubWebhooks } from '@lg/pr-github'
import { webhookConformance, type WebhookNews } from '@lg/pull-request/testing'
import { expect, it } from 'vitest'

const zeros = '0'.repeat(40)
const repository = {
  id: 1,
  full_name: 'lg/cars',
  clone_url: 'https://github.com/lg/cars.git',
  ssh_url: 'git@github.com:lg/cars.git',
}
const actions = {
  opened: 'opened',
  updated: 'synchronize',
  reopened: 'reopened',
  closed: 'closed',
  merged: 'closed',
}
const names = { push: 'push', pullRequest: 'pull_request', other: 'ping' }

function payload(news: WebhookNews): string {
  if (news.type === 'other')
    return JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 1, repository })
  if (news.type === 'push') {
    const { ref, before, after } = news
    const marks = { created: before === null, deleted: after === null, forced: false, commits: [] }
    return JSON.stringify({ ref, before: before ?? zeros, after: after ?? zeros, ...marks, repository })
  }
  const { action, number, title, head, headCommit, base } = news
  const pull_request = {
    number,
    title,
    html_url: `https://github.com/lg/cars/pull/${number}`,
    state: action === 'closed' || action === 'merged' ? 'closed' : 'open',
    merged: action === 'merged',
    head: { ref: head, sha: headCommit, repo: repository },
    base: { ref: base, sha: zeros, repo: repository },
  }
  return JSON.stringify({ action: actions[action], number, pull_request, repository })
}

const hmac = (secret: string, body: string, hash = 'sha256'): string =>
  createHmac(hash, secret).update(body).digest('hex')

webhookConformance({
  name: 'GitHub',
  create: createGitHubWebhooks,
  secrets: ['first-secret-4f6a', 'second-secret-9c1e'],
  repository: { owner: 'lg', name: 'cars' },
  signs: true,
  payload,
  headers: async (body, secret, { type }) => ({
    'x-github-event': names[type],
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': `sha256=${hmac(secret, body)}`,
  }),
})

function request(body: string, headers: Readonly<Record<string, string>>): Request {
  return new Request('https://hooks.example.org/git', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
}

it('agrees with the example that GitHub gives for its signature', async () => {
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  const webhooks = createGitHubWebhooks({ secret: "It's a Secret to Everybody" })
  // It is no JSON, which is looked at once it is known who sent it.
  await expect(
    webhooks.receive(request('Hello, World!', { 'x-hub-signature-256': signature })),
  ).rejects.toMatchObject({ code: 'BAD_PAYLOAD' })
})

it('takes no signature with SHA-1', async () => {
  const body = payload({ type: 'other' })
  const webhooks = createGitHubWebhooks({ secret: 's3cret-value' })
  for (const headers of [
    { 'x-hub-signature': `sha1=${hmac('s3cret-value', body, 'sha1')}` },
    { 'x-hub-signature-256': `sha1=${hmac('s3cret-value', body, 'sha1')}` },
    { 'x-hub-signature-256': hmac('s3cret-value', body) },
  ] as Readonly<Record<string, string>>[]) {
    await expect(webhooks.receive(request(body, headers))).rejects.toMatchObject({ code: 'UNVERIFIED' })
  }
})
