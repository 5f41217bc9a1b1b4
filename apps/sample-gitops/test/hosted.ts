import { createHmac } from 'node:crypto'
import { mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HostKind } from '@lg/pull-request'
import {
  createFakeAzureDevOps,
  createFakeGitea,
  createFakeGitHub,
  createFakeGitLab,
  createGitHttpServer,
  createTree,
  type FakeHost,
  type FakeHostOptions,
  type HostRepository,
} from '@lg/test-kit'
import { demoFiles } from '../src/demo-files.ts'
import { token } from './garage.ts'

export const webhookSecret = 'a-webhook-secret-8d1f'

/** What is special to one kind of host. */
export interface HostCase {
  readonly kind: HostKind
  /** Who has the repository there. */
  readonly owner: string
  readonly createHost: (options: FakeHostOptions) => Promise<FakeHost>
  /** Where its users keep their token. */
  readonly tokenVariable: string
  /** The webhook of a push. */
  readonly push: (
    push: PushNews,
    secret: string,
  ) => { readonly body: string; readonly headers: Record<string, string> }
}

interface PushNews {
  readonly cloneUrl: string
  readonly ref: string
  readonly before: string
  readonly after: string
}

const hmac = (secret: string, body: string): string => createHmac('sha256', secret).update(body).digest('hex')

export const hostCases: readonly HostCase[] = [
  {
    kind: 'github',
    owner: 'lg',
    createHost: createFakeGitHub,
    tokenVariable: 'GITHUB_TOKEN',
    push({ cloneUrl, ...change }, secret) {
      const body = JSON.stringify({ ...change, repository: { clone_url: cloneUrl } })
      return {
        body,
        headers: { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(secret, body)}` },
      }
    },
  },
  {
    kind: 'gitlab',
    owner: 'lg/fleet',
    createHost: createFakeGitLab,
    tokenVariable: 'GITLAB_TOKEN',
    push: ({ cloneUrl, ...change }, secret) => ({
      body: JSON.stringify({ object_kind: 'push', ...change, project: { git_http_url: cloneUrl } }),
      headers: { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': secret },
    }),
  },
  {
    kind: 'gitea',
    owner: 'lg',
    createHost: createFakeGitea,
    tokenVariable: 'GITEA_TOKEN',
    push({ cloneUrl, ...change }, secret) {
      const body = JSON.stringify({ ...change, repository: { clone_url: cloneUrl } })
      return { body, headers: { 'x-gitea-event': 'push', 'x-gitea-signature': hmac(secret, body) } }
    },
  },
  {
    kind: 'azure-devops',
    owner: 'DefaultCollection/garage',
    createHost: createFakeAzureDevOps,
    tokenVariable: 'AZURE_DEVOPS_EXT_PAT',
    push: ({ cloneUrl, ref, before, after }, secret) => ({
      body: JSON.stringify({
        id: after,
        eventType: 'git.push',
        resource: {
          refUpdates: [{ name: ref, oldObjectId: before, newObjectId: after }],
          repository: { remoteUrl: cloneUrl },
        },
      }),
      headers: { authorization: `Basic ${btoa(`hook:${secret}`)}` },
    }),
  },
]

/** The demo's repository on a host, with its API and with Git over HTTP. */
export interface HostedGarage {
  readonly host: FakeHost
  readonly cars: HostRepository
  readonly cloneUrl: string
  readonly args: readonly string[]
  readonly env: Record<string, string>
  close(): Promise<void>
}

export async function createHostedGarage({ kind, owner, createHost }: HostCase): Promise<HostedGarage> {
  const tree = await createTree({})
  const host = await createHost({ dir: tree.path('hosted'), token, users: ['ann'] })
  const cars = await host.addRepository({ owner, name: 'cars', files: demoFiles })
  cars.state.milestones.push({ number: 1, title: 'v1', state: 'open' })
  // Git is served beside the API, by the path that the host has for it.
  const { pathname } = new URL(host.cloneUrl(cars))
  const served = join(tree.dir, decodeURIComponent(pathname))
  await mkdir(dirname(served), { recursive: true })
  await symlink(cars.git.dir, served)
  const server = await createGitHttpServer({ root: tree.dir, accounts: [{ user: 'git', token }] })
  const cloneUrl = `${server.origin}${pathname}`
  return {
    host,
    cars,
    cloneUrl,
    args: ['--git-url', cloneUrl, '--provider', kind, '--api-url', host.apiUrl, '--interval', '3600'],
    env: { LG_TOKEN: token },
    async close() {
      await server.close()
      await host.close()
      await tree.close()
    },
  }
}
