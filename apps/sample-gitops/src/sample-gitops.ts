import { webHost } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createNodeGit } from '@lg/git-nodegit'
import { createGitDirectory } from '@lg/gitdir'
import { createLocalProvider } from '@lg/pr-local'
import { providerFor, type ChosenHost, type PullRequestProvider } from '@lg/pull-request'
import { systemRandom, type CallOptions, type Logger } from '@lg/runtime'
import { createSampleScheme, logChanges, startSampleServer } from '@lg/sample-api'
import { createSerializer } from '@lg/serializer'
import { createGitStorage, type PullRequestDetails } from '@lg/storage-git'
import { addCarRoutes } from './car-routes.ts'
import type { Config } from './config.ts'
import { addHookRoutes, hookPath } from './hook-routes.ts'
import { hosts } from './hosts.ts'
import { addPullRequestRoutes } from './pull-request-routes.ts'

export interface SampleGitOps {
  readonly url: string
  close(): Promise<void>
}

/**
 * The whole app: an engine, a clone kept current, a storage on it, a provider, and HTTP in front. To change the Git
 * engine, the host or the storage, change one line here.
 */
export async function startSampleGitOps(
  config: Config,
  logger: Logger,
  options: CallOptions = {},
): Promise<SampleGitOps> {
  const { repository, branch, interval, credentials, author } = config
  const gitDirectory = createGitDirectory({
    git: config.engine === 'cli' ? createGitCli({ logger }) : createNodeGit({ module: config.nodegit }),
    repository,
    branch,
    interval,
    auth: credentials,
    logger,
  })
  let url = ''
  const provider = createProvider(config, logger, () =>
    createLocalProvider({
      git: () => gitDirectory.repository,
      identity: author,
      url: (number) => `${url}/pulls/${number}`,
    }),
  )
  const { webhooks } = config
  const storage = createGitStorage({
    gitDirectory,
    serializer: createSerializer({ scheme: createSampleScheme() }),
    pullRequests: provider,
    author,
  })

  const close = async (): Promise<void> => {
    await storage.close()
    await gitDirectory.close()
  }
  try {
    await storage.start(options)
    // Faults of files come with the changes, so the storage has no logger of its own.
    logChanges(storage, logger)
    const server = await startSampleServer({
      host: config.host,
      port: config.port,
      logger,
      signedPaths: [hookPath],
      routes: (app) => {
        addCarRoutes(app, {
          storage,
          random: systemRandom,
          pullRequest: provider && describePullRequest(config),
        })
        addPullRequestRoutes(app, { provider, repository, merged: () => gitDirectory.notify() })
        addHookRoutes(app, {
          gitDirectory,
          webhooks: webhooks && hosts[webhooks.kind].createWebhooks({ secret: webhooks.secret }),
        })
      },
    })
    url = server.url
    return { url, close: () => server.close().then(close) }
  } catch (error) {
    await close()
    throw error
  }
}

function createProvider(
  { provider, repository }: Config,
  logger: Logger,
  createLocal: () => PullRequestProvider,
): PullRequestProvider | undefined {
  if (provider.type === 'local') return createLocal()
  if (provider.type === 'none') {
    if (provider.reason !== undefined) logger.warn('No pull requests are opened', { reason: provider.reason })
    return undefined
  }
  const { kind, apiUrl, token } = provider
  return providerFor(repository, {
    hosts: { [webHost(repository)]: { kind, apiUrl } },
    providers: Object.fromEntries(
      Object.entries(hosts).map(([name, host]) => [
        name,
        (chosen: ChosenHost) =>
          host.createProvider({ token, logger, apiUrl: chosen.apiUrl, hosts: [chosen.host] }),
      ]),
    ),
  })
}

function describePullRequest({ assignees, milestone }: Config): PullRequestDetails {
  return { labels: ['user/bot', 'actuator/libgitops', 'kind/status-update'], assignees, milestone }
}
