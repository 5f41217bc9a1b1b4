import { createHmac } from 'node:crypto'
import { createGitLabWebhooks } from '@lg/pr-gitlab'
import { webhookConformance, type WebhookNews, type WebhookSubject } from '@lg/pull-request/testing'
import { describe, expect, it } from 'vitest'

const zeros = '0'.repeat(40)
const project = {
  id: 15,
  path_with_namespace: 'lg/fleet/cars',
  web_url: 'https://gitlab.com/lg/fleet/cars',
  git_http_url: 'https://gitlab.com/lg/fleet/cars.git',
  git_ssh_url: 'git@gitlab.com:lg/fleet/cars.git',
}
const actions = { opened: 'open', updated: 'update', reopened: 'reopen', closed: 'close', merged: 'merge' }
const names = { push: 'Push Hook', pullRequest: 'Merge Request Hook', other: 'Pipeline Hook' }

function payload(news: WebhookNews): string {
  if (news.type === 'other') return JSON.stringify({ object_kind: 'pipeline', project })
  if (news.type === 'push') {
    const { ref, before, after } = news
    const kind = ref.startsWith('refs/tags/') ? 'tag_push' : 'push'
    const moved = { ref, before: before ?? zeros, after: after ?? zeros, checkout_sha: after, commits: [] }
    return JSON.stringify({ object_kind: kind, ...moved, project })
  }
  const { action, number, title, head, headCommit, base } = news
  const object_attributes = {
    iid: number,
    title,
    draft: false,
    url: `https://gitlab.com/lg/fleet/cars/-/merge_requests/${number}`,
    action: actions[action],
    source_branch: head,
    target_branch: base,
    last_commit: { id: headCommit },
  }
  return JSON.stringify({ object_kind: 'merge_request', project, object_attributes })
}

const base64 = (text: string): string => Buffer.from(text.padEnd(32, '.')).toString('base64')
const signedWith = (
  secret: string,
  body: string,
  now: number,
  id = 'f5e5f430-f57b',
): Record<string, string> => {
  const time = String(Math.floor(now / 1000))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` }
}

const common = {
  create: createGitLabWebhooks,
  repository: { owner: 'lg/fleet', name: 'cars' },
  payload,
} satisfies Partial<WebhookSubject>

webhookConformance({
  ...common,
  name: 'GitLab with a signing token',
  secrets: [`whsec_${base64('first')}`, `whsec_${base64('second')}`],
  signs: true,
  headers: async (body, secret, { type }, now) => ({
    'x-gitlab-event': names[type],
    ...signedWith(secret, body, now),
  }),
})

webhookConformance({
  ...common,
  name: 'GitLab with a secret token',
  secrets: ['first-secret-4f6a', 'second-secret-9c1e'],
  signs: false,
  headers: async (_body, secret, { type }) => ({ 'x-gitlab-event': names[type], 'x-gitlab-token': secret }),
})

describe('a signed webhook', () => {
  const secret = `whsec_${base64('first')}`
  const now = 1_700_000_000_000
  const clock = { now: () => now, sleep: async () => undefined }
  const body = payload({
    type: 'push',
    ref: 'refs/heads/main',
    before: '1'.repeat(40),
    after: '2'.repeat(40),
  })
  const receive = (
    headers: Readonly<Record<string, string>>,
    webhooks = createGitLabWebhooks({ secret, clock }),
  ) =>
    webhooks.receive(
      new Request('https://hooks.example.org/git', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
    )
  const refused = expect.objectContaining({ code: 'UNVERIFIED' })

  it('counts for five minutes', async () => {
    expect(await receive(signedWith(secret, body, now - 299_000))).toMatchObject({ type: 'push' })
    expect(await receive(signedWith(secret, body, now + 299_000))).toMatchObject({ type: 'push' })
    for (const apart of [-301_000, 301_000, Number.NaN]) {
      await expect(receive(signedWith(secret, body, now + apart))).rejects.toEqual(refused)
    }
  })

  it('counts for one name and one time', async () => {
    const headers = signedWith(secret, body, now)
    const later = String(Number(headers['webhook-timestamp']) + 1)
    await expect(receive({ ...headers, 'webhook-id': 'another' })).rejects.toEqual(refused)
    await expect(receive({ ...headers, 'webhook-timestamp': later })).rejects.toEqual(refused)
  })

  it('may have several signatures, of which one has to fit', async () => {
    const headers = signedWith(secret, body, now)
    const other = signedWith(`whsec_${base64('second')}`, body, now)['webhook-signature']
    const both = `v2,x ${other} ${headers['webhook-signature']}`
    expect(await receive({ ...headers, 'webhook-signature': both })).toMatchObject({ id: 'f5e5f430-f57b' })
    const bare = (headers['webhook-signature'] ?? '').replace('v1,', '')
    await expect(receive({ ...headers, 'webhook-signature': bare })).rejects.toEqual(refused)
  })

  it('tells a delivery that is tried again by its name', async () => {
    const webhooks = createGitLabWebhooks({ secret, clock })
    const later = signedWith(secret, body, now - 1000)
    expect(await receive(signedWith(secret, body, now), webhooks)).toMatchObject({ type: 'push' })
    expect(await receive(later, webhooks)).toMatchObject({ type: 'repeated', id: 'f5e5f430-f57b' })
  })

  it('is not taken with the signing token itself in the place of a secret token', async () => {
    await expect(receive({ 'x-gitlab-token': secret })).rejects.toEqual(refused)
  })

  it('needs a signing token that is one', () => {
    for (const wrong of ['whsec_', 'whsec_?']) {
      expect(() => createGitLabWebhooks({ secret: wrong })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      )
    }
  })
})

it('shows the title of a draft without what makes it one', async () => {
  const news = { type: 'pullRequest', action: 'opened', number: 7, title: 'Draft: Faster' } as const
  const branches = { head: 'a', headCommit: '2'.repeat(40), base: 'main' }
  const body = payload({ ...news, ...branches }).replace('"draft":false', '"draft":true')
  const headers = { 'content-type': 'application/json', 'x-gitlab-token': 'first-secret-4f6a' }
  const request = new Request('https://hooks.example.org/git', { method: 'POST', headers, body })
  const event = await createGitLabWebhooks({ secret: 'first-secret-4f6a' }).receive(request)
  expect(event).toMatchObject({ title: 'Faster' })
})

it('reads the hooks of an instance, and no action that is none', async () => {
  const webhooks = createGitLabWebhooks({ secret: 'first-secret-4f6a' })
  const headers = { 'content-type': 'application/json', 'x-gitlab-token': 'first-secret-4f6a' }
  const receive = async (body: string): Promise<unknown> =>
    await webhooks.receive(new Request('https://hooks.example.org/git', { method: 'POST', headers, body }))
  const push = payload({ type: 'push', ref: 'refs/heads/main', before: null, after: '2'.repeat(40) })
  expect(await receive(push.replace(/"object_kind":"push",/, '"event_name":"push",'))).toMatchObject({
    type: 'push',
  })
  const branches = { head: 'a', headCommit: '2'.repeat(40), base: 'main' }
  const pull = payload({ type: 'pullRequest', action: 'opened', number: 7, title: 'Faster', ...branches })
  expect(await receive(pull.replace('"action":"open"', '"action":"constructor"'))).toMatchObject({
    action: 'updated',
  })
})
