import type { AppProcess } from '@lg/app-tests'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runApp, startApp } from './app.ts'
import { token } from './garage.ts'
import { createHostedGarage, hostCases, webhookSecret, type HostedGarage } from './hosted.ts'

describe.each(hostCases)('a repository on $kind', (host) => {
  let garage: HostedGarage
  let app: AppProcess
  let branch = ''

  beforeAll(async () => {
    garage = await createHostedGarage(host)
    const env = { [host.tokenVariable]: token, LG_WEBHOOK_SECRET: webhookSecret }
    app = await startApp([...garage.args, '--pr-milestone', 'v1'], env)
  })
  afterAll(async () => {
    await app?.stop()
    await garage?.close()
  })

  const deliver = async (
    ref: string,
    change: {
      readonly headers?: Record<string, string>
      readonly body?: string
      readonly secret?: string
    } = {},
  ): Promise<{ readonly status: number; readonly json: unknown }> => {
    const { cars, cloneUrl } = garage
    const after = (await cars.git.branches())['main'] ?? ''
    const { body, headers } = host.push(
      { cloneUrl, ref, before: '1'.repeat(40), after },
      change.secret ?? webhookSecret,
    )
    const response = await fetch(`${app.url}/hooks/git`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...change.headers },
      body: change.body ?? body,
    })
    return { status: response.status, json: await response.json() }
  }

  it('gets a pull request for a change, with labels and milestone, by the token of its own variable', async () => {
    const { status, json } = await app.send('PUT', '/git/foo')
    expect(json).toMatchObject({
      pullRequest: { number: expect.any(Number), url: expect.stringContaining('cars') },
    })
    expect(status).toBe(200)
    branch = json.branch
    const [pull, ...others] = garage.cars.state.pulls
    expect(others).toEqual([])
    expect(pull).toMatchObject({
      number: json.pullRequest.number,
      state: 'open',
      title: expect.stringContaining('Update Car speed'),
      head: branch,
      base: 'main',
      headCommit: json.commit,
    })
    const shown = await app.get(`/pulls/${json.pullRequest.number}`)
    expect(shown.json.diff).toMatchObject([{ path: 'cars/foo.yaml' }])
    expect(shown.json.labels).toEqual(
      expect.arrayContaining(['user/bot', 'actuator/libgitops', 'kind/status-update']),
    )
    expect(garage.host.problems).toEqual([])
  })

  it('sees a merge at once', async () => {
    const [pull] = garage.cars.state.pulls
    const { status } = await app.send('POST', `/pulls/${pull?.number}/merge`)
    expect(status).toBe(200)
    await app.line(/default\/foo modified/)
  })

  it('tells by a webhook that the branch has moved, long before the next look', async () => {
    await garage.cars.git.commit({ files: { 'cars/new.yaml': newCar('hooked') }, message: 'Add a car' })
    expect(await deliver('refs/heads/other')).toMatchObject({ status: 202, json: { pulls: false } })
    const refused = await deliver('refs/heads/main', { secret: 'a-guess' })
    expect(refused).toMatchObject({ status: 401, json: { error: { code: 'UNVERIFIED' } } })
    expect(app.output()).not.toContain('default/hooked')
    expect(await deliver('refs/heads/main')).toMatchObject({
      status: 202,
      json: { event: 'push', pulls: true },
    })
    await app.line(/default\/hooked added/)
    expect(await deliver('refs/heads/main')).toMatchObject({ json: { event: 'repeated', pulls: false } })
  })

  it('takes no webhook that is not signed, not JSON, too large or from a page', async () => {
    const bare = await fetch(`${app.url}/hooks/git`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(bare.status).toBe(401)
    expect((await deliver('refs/heads/main', { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    expect((await deliver('refs/heads/main', { headers: { origin: 'https://evil.example' } })).status).toBe(
      403,
    )
    expect((await deliver('refs/heads/main', { body: ' '.repeat(1024 * 1024 + 1) })).status).toBe(413)
    expect((await app.get('/hooks/git')).status).toBe(404)
  })

  it('shows neither token nor secret', async () => {
    garage.host.addFault({ type: 'status', status: 401, body: { message: `${token} is bad` } })
    const failed = await app.send('PUT', '/git/bolt')
    garage.host.clearFaults()
    expect(failed.status).toBe(502)
    for (const text of [failed.text, app.output()]) {
      expect(text).not.toContain(token)
      expect(text).not.toContain(webhookSecret)
    }
  })
})

describe('which provider', () => {
  it.each<[string, readonly string[], Record<string, string>, RegExp]>([
    [
      'a host without a token',
      ['--git-url', 'https://github.com/o/r', '--provider', 'github'],
      {},
      /LG_TOKEN or GITHUB_TOKEN/,
    ],
    [
      'a host for a path',
      ['--git-url', '/srv/r.git', '--provider', 'github'],
      { LG_TOKEN: token },
      /--git-url/,
    ],
    [
      'an API without a host',
      ['--git-url', '/srv/r.git', '--api-url', 'https://x.example'],
      {},
      /--provider/,
    ],
    [
      'an API that is none',
      ['--git-url', 'https://github.com/o/r', '--api-url', 'ftp://x.example'],
      { LG_TOKEN: token },
      /--api-url/,
    ],
    [
      'an API on plain http',
      ['--git-url', 'https://github.com/o/r', '--api-url', 'http://x.example'],
      { LG_TOKEN: token },
      /--api-url/,
    ],
    [
      'webhooks of nobody knows whom',
      ['--git-url', 'https://git.example.org/o/r', '--provider', 'local'],
      { LG_WEBHOOK_SECRET: webhookSecret },
      /LG_WEBHOOK_SECRET/,
    ],
  ])('ends with usage and exit code 2 for %s', async (_, args, env, message) => {
    const exit = await runApp(args, env)
    expect(exit.stderr).toMatch(message)
    expect(exit.code).toBe(2)
    expect(exit.stderr).not.toContain(webhookSecret)
  })
})

function newCar(name: string): string {
  return `apiVersion: sample-app.weave.works/v1alpha1
kind: Car
metadata:
  name: ${name}
  namespace: default
spec:
  brand: Volvo
`
}
