import { createGitHubProvider, createGitHubWebhooks } from '@lg/pr-github'
import type { HostKind, PullRequestProvider } from '@lg/pull-request'
import type { WebhookOptions, WebhookReceiver } from '@lg/pull-request/webhooks'
import type { Logger } from '@lg/runtime'

export interface HostedOptions {
  readonly token: string
  readonly apiUrl: string
  readonly hosts: readonly string[]
  readonly logger: Logger
}

export interface Host {
  /** Where its users keep a token, besides LG_TOKEN; the first that is set counts. */
  readonly tokenVariables: readonly string[]
  readonly createProvider: (options: HostedOptions) => PullRequestProvider
  readonly createWebhooks: (options: WebhookOptions) => WebhookReceiver
}

/** The hosts that the app knows, one package each. */
export const hosts: Readonly<Partial<Record<HostKind, Host>>> = {
  github: {
    tokenVariables: ['GITHUB_TOKEN', 'GH_TOKEN'],
    createProvider: createGitHubProvider,
    createWebhooks: createGitHubWebhooks,
  },
}
