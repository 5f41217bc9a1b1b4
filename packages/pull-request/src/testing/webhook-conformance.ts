import type { Oid } from '@lg/git'
import type {
  WebhookOptions,
  WebhookPullRequestAction,
  WebhookReceiver,
  WebhookRefChange,
} from '@lg/pull-request/webhooks'
import { isLgError, type Clock } from '@lg/runtime'
import { describe, expect, it } from 'vitest'

/** What a host is to tell, in words of no host. */
export type WebhookNews =
  | ({ readonly type: 'push' } & Omit<WebhookRefChange, 'branch'>)
  | {
      readonly type: 'pullRequest'
      readonly action: WebhookPullRequestAction
      readonly number: number
      readonly title: string
      readonly head: string
      readonly headCommit: Oid
      readonly base: string
    }
  | { readonly type: 'other' }

interface SentWebhook {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface WebhookSubject {
  readonly name: string
  create(options: WebhookOptions): WebhookReceiver
  /** Two secrets that a host may have. */
  readonly secrets: readonly [string, string]
  /** The repository that all news are about, as events name it. */
  readonly repository: { readonly owner: string; readonly name: string }
  /** False where only a password goes along, and nothing is signed. */
  readonly signs: boolean
  /** The body as the host writes it. */
  payload(news: WebhookNews): string
  /** What the host sends along with a body; `news` where it shows in the headers. */
  headers(
    body: string,
    secret: string,
    news: WebhookNews,
    now: number,
  ): Promise<Readonly<Record<string, string>>>
}

const one = '1'.repeat(40)
const two = '2'.repeat(40)
const push = { type: 'push', ref: 'refs/heads/feature/x', before: one, after: two } as const
const pull = {
  type: 'pullRequest',
  number: 7,
  title: 'Make cars faster',
  head: 'feature/x',
  headCommit: two,
  base: 'main',
} as const

/**
 * Runs what every `WebhookReceiver` promises, as vitest cases.
 *
 * @example
 * ```ts
 * webhookConformance({ name: 'GitHub', create: createGitHubWebhooks, ...whatGitHubSends })
 * ```
 */
export function webhookConformance(subject: WebhookSubject): void {
  const [secret, nextSecret] = subject.secrets
  let time = 1_700_000_000_000
  const clock: Clock = { now: () => time, sleep: async () => undefined }
  const receiverWith = (options: Partial<WebhookOptions> = {}): WebhookReceiver =>
    subject.create({ secret, clock, ...options })
  const sent = async (
    news: WebhookNews,
    with_ = secret,
    body = subject.payload(news),
  ): Promise<SentWebhook> => {
    const headers = await subject.headers(body, with_, news, time)
    return { body, headers: { 'content-type': 'application/json', ...headers } }
  }
  const requestOf = ({ headers, body }: SentWebhook): Request =>
    new Request('https://hooks.example.org/git', { method: 'POST', headers, body })
  const refusal = async (call: Promise<unknown>, code: string): Promise<Record<string, unknown>> => {
    const error = await call.then(
      (value) => expect.unreachable(`expected ${code}, got ${JSON.stringify(value)}`),
      (reason: unknown) => reason,
    )
    if (!isLgError(error, code)) throw error
    for (const part of subject.secrets)
      expect(JSON.stringify([error.message, error.details])).not.toContain(part)
    return { ...error.details }
  }

  describe(`webhook conformance: ${subject.name}`, () => {
    it.each([
      ['to a branch', push, { branch: 'feature/x' }],
      ['that makes a branch', { ...push, before: null }, { branch: 'feature/x' }],
      ['that deletes a branch', { ...push, after: null }, { branch: 'feature/x' }],
      ['of a tag', { ...push, ref: 'refs/tags/v1' }, {}],
    ] as const)('reads a push %s', async (_, news, branch) => {
      const { type: _type, ...change } = news
      const event = await receiverWith().receive(requestOf(await sent(news)))
      expect(event).toMatchObject({ type: 'push', repository: subject.repository })
      expect(event.type === 'push' && event.changes).toEqual([{ ...change, ...branch }])
    })

    it.each(['opened', 'updated', 'reopened', 'closed', 'merged'] as const)(
      'reads a pull request that was %s',
      async (action) => {
        const news = { ...pull, action }
        const event = await receiverWith().receive(requestOf(await sent(news)))
        // One host does not tell a reopened one from one that was changed.
        const known =
          subject.payload(news) === subject.payload({ ...news, action: 'updated' }) ? 'updated' : action
        expect(event).toMatchObject({ ...news, action: known, repository: subject.repository })
      },
    )

    it('names what is about something else', async () => {
      expect(await receiverWith().receive(requestOf(await sent({ type: 'other' })))).toMatchObject({
        type: 'other',
        name: expect.stringMatching(/./),
      })
    })

    it('refuses another secret, and a request that says nothing', async () => {
      const wrong = sent(push, nextSecret).then((request) => receiverWith().receive(requestOf(request)))
      expect(await refusal(wrong, 'UNVERIFIED')).toMatchObject({ status: 401 })
      const { body, headers } = await sent(push)
      const bare = receiverWith().receive(
        requestOf({ body, headers: { 'content-type': 'application/json' } }),
      )
      await refusal(bare, 'UNVERIFIED')
      const isVerified = async (changed: Readonly<Record<string, string>>): Promise<boolean> => {
        try {
          await receiverWith().receive(requestOf({ body, headers: changed }))
          return true
        } catch (error) {
          if (isLgError(error, 'UNVERIFIED')) return false
          throw error
        }
      }
      let proofs = 0
      for (const [name, value] of Object.entries(headers)) {
        const { [name]: _, ...others } = headers
        if (name === 'content-type' || (await isVerified(others))) continue
        proofs += 1
        // The last two characters may be no more than the padding of base64.
        for (const broken of ['', 'x', value.slice(0, -3), `${value}0`])
          expect(await isVerified({ ...headers, [name]: broken }), `${name}: ${broken}`).toBe(false)
      }
      expect(proofs).toBeGreaterThan(0)
    })

    it('takes any of several secrets', async () => {
      const receiver = receiverWith({ secret: [nextSecret, secret] })
      expect(await receiver.receive(requestOf(await sent(push)))).toMatchObject({ type: 'push' })
      const request = requestOf(await sent({ ...push, after: one }, nextSecret))
      expect(await receiver.receive(request)).toMatchObject({ type: 'push' })
    })

    if (subject.signs)
      it('refuses a body that was changed, by a byte or a line end', async () => {
        const { headers, body } = await sent(push)
        for (const changed of [body.replace(two, `3${two.slice(1)}`), `${body}\n`, body.slice(0, -1), '']) {
          const call = receiverWith().receive(requestOf({ headers, body: changed }))
          await refusal(call, 'UNVERIFIED')
        }
      })

    it('refuses a payload that is not as documented', async () => {
      for (const body of ['', '{', 'null', '[]', '"x"', '\ud800']) {
        const call = sent(push, secret, body).then((request) => receiverWith().receive(requestOf(request)))
        expect(await refusal(call, 'BAD_PAYLOAD')).toMatchObject({ status: 400 })
      }
      const noOid = subject.payload(push).replaceAll(two, 'HEAD')
      await refusal(
        sent(push, secret, noOid).then((request) => receiverWith().receive(requestOf(request))),
        'BAD_PAYLOAD',
      )
    })

    it('refuses what is no JSON by its type, and what is not sent with POST', async () => {
      const { headers, body } = await sent(push)
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/jsonp', '']) {
        const call = receiverWith().receive(
          requestOf({ body, headers: { ...headers, 'content-type': type } }),
        )
        expect(await refusal(call, 'UNSUPPORTED_MEDIA_TYPE')).toMatchObject({ status: 415 })
      }
      const get = receiverWith().receive(new Request('https://hooks.example.org/git', { headers }))
      expect(await refusal(get, 'METHOD_NOT_ALLOWED')).toMatchObject({ status: 405 })
    })

    it('refuses what is too large, whether its length is told or not', async () => {
      const { headers, body } = await sent(push)
      const receiver = receiverWith({ bodyLimit: body.length - 1 })
      const told = { ...headers, 'content-length': String(body.length) }
      expect(await refusal(receiver.receive(requestOf({ body, headers: told })), 'TOO_LARGE')).toMatchObject({
        status: 413,
      })
      await refusal(receiver.receive(requestOf({ body, headers })), 'TOO_LARGE')
      const exact = receiverWith({ bodyLimit: body.length })
      expect(await exact.receive(requestOf({ body, headers }))).toMatchObject({ type: 'push' })
    })

    it('tells a delivery that comes again, as long as it is remembered', async () => {
      const receiver = receiverWith({ remember: 60_000 })
      const request = await sent(push)
      expect(await receiver.receive(requestOf(request))).toMatchObject({ type: 'push' })
      expect(await receiver.receive(requestOf(request))).toMatchObject({
        type: 'repeated',
        event: { type: 'push', changes: [{ branch: 'feature/x' }] },
      })
      expect(await receiver.receive(requestOf(await sent({ ...push, before: null })))).toMatchObject({
        type: 'push',
      })
      time += 60_001
      expect(await receiver.receive(requestOf(request))).toMatchObject({ type: 'push' })
    })

    it('ends with the reason of its signal', async () => {
      const reason = new Error('no longer needed')
      const { headers } = await sent(push)
      await expect(
        receiverWith().receive(requestOf(await sent(push)), { signal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason)
      const ending = new AbortController()
      const body = new ReadableStream({ pull: () => ending.abort(reason) })
      const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
      const endless = new Request('https://hooks.example.org/git', init)
      await expect(receiverWith().receive(endless, { signal: ending.signal })).rejects.toBe(reason)
    })

    it('refuses to begin without a secret', () => {
      for (const none of ['', [], [secret, '']]) {
        expect(() => receiverWith({ secret: none })).toThrow(
          expect.objectContaining({ code: 'INVALID_OPTION' }),
        )
      }
    })
  })
}
