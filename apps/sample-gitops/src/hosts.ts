import { createAzureDevOpsProvider, createAzureDevOpsWebhooks } from '@lg/pr-azure-devops'
import { createGiteaProvider, createGiteaWebhooks } from '@lg/pr-gitea'
import { createGitHubProvider, createGitHubWebhooks } from '@lg/pr-github'
import { createGitLabProvider, createGitLabWebhooks } from '@lg/pr-gitlab'
import type { HostKind, PullRequestProvider } from '@lg/pull-request'
import type { WebhookOptions, WebhookReceiver } from '@lg/pull-request/webhooks'
import type { Logger } from '@lg/runtime'

interface HostedOptions {
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
export const hosts: Readonly<Record<HostKind, Host>> = {
  github: {
    tokenVariables: ['GITHUB_TOKEN', 'GH_TOKEN'],
    createProvider: createGitHubProvider,
    createWebhooks: createGitHubWebhooks,
  },
  gitlab: {
    tokenVariables: ['GITLAB_TOKEN'],
    createProvider: createGitLabProvider,
    createWebhooks: createGitLabWebhooks,
  },
  gitea: {
    tokenVariables: ['GITEA_TOKEN', 'FORGEJO_TOKEN'],
    createProvider: createGiteaProvider,
    createWebhooks: createGiteaWebhooks,
  },
  'azure-devops': {
    tokenVariables: ['AZURE_DEVOPS_EXT_PAT', 'SYSTEM_ACCESSTOKEN'],
    createProvider: createAzureDevOpsProvider,
    createWebhooks: createAzureDevOpsWebhooks,
  },
}
