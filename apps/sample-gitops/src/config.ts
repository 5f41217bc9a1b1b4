import {
  createHttpsCredentials,
  createSshCredentials,
  parseRepositoryReference,
  type Credentials,
  type Person,
  type RepositoryReference,
} from '@lg/git'
import { isLgError } from '@lg/runtime'
import { parsePort, UsageError, type Environment, type FlagValues } from '@lg/sample-api'
import { resolve } from 'node:path'
import type { flags } from './flags.ts'
import {
  readHostKind,
  readProvider,
  readToken,
  readWebhooks,
  type ProviderConfig,
  type WebhookConfig,
} from './provider-config.ts'

/** Everything that the composition needs, checked. */
export interface Config {
  readonly repository: RepositoryReference
  readonly credentials: Credentials | undefined
  readonly branch: string | undefined
  /** Milliseconds. */
  readonly interval: number
  readonly author: Person
  readonly assignees: readonly string[]
  readonly milestone: string | undefined
  readonly provider: ProviderConfig
  /** `undefined`: none are taken. */
  readonly webhooks: WebhookConfig | undefined
  readonly engine: 'cli' | 'nodegit'
  /** Where nodegit is, when it is not installed beside the app. */
  readonly nodegit: string | undefined
  readonly host: string
  readonly port: number
}

/**
 * Flags and environment as a configuration.
 *
 * @throws UsageError for what is missing or contradicts itself, naming the flag.
 */
export function readConfig(values: FlagValues<typeof flags>, env: Environment): Config {
  const repository = readRepository(text(values['git-url']))
  const provider = text(values.provider)
  const kind = readHostKind(repository, provider)
  return {
    repository,
    credentials: readCredentials(repository, readToken(kind, env), values, env),
    branch: text(values.branch),
    interval: readSeconds(text(values.interval) ?? '') * 1000,
    author: {
      name: filled('--author-name', text(values['author-name'])),
      email: filled('--author-email', text(values['author-email'])),
    },
    assignees: splitList(text(values['pr-assignees'])),
    milestone: text(values['pr-milestone']),
    provider: readProvider(repository, kind, { provider, apiUrl: text(values['api-url']) }, env),
    webhooks: readWebhooks(kind, env),
    engine: readEngine(text(values['git-engine'])),
    nodegit: env['LG_NODEGIT'],
    host: filled('--host', text(values.host)),
    port: parsePort(text(values.port) ?? ''),
  }
}

function readRepository(url: string | undefined): RepositoryReference {
  if (url === undefined) throw new UsageError('--git-url is missing: which repository?')
  if (/^https?:\/\/[^/]*:[^/]*@/i.test(url)) {
    throw new UsageError(
      '--git-url holds a password, which every user of this machine can read; use LG_TOKEN',
    )
  }
  try {
    return parseRepositoryReference(url)
  } catch (error) {
    if (isLgError(error, 'INVALID_REPOSITORY')) throw new UsageError(`--git-url: ${error.message}`)
    throw error
  }
}

function readCredentials(
  { transport }: RepositoryReference,
  token: string | undefined,
  values: FlagValues<typeof flags>,
  env: Environment,
): Credentials | undefined {
  const identityFile = text(values['identity-file'])
  if (transport !== 'ssh') {
    if (identityFile !== undefined)
      throw new UsageError(`--identity-file is for SSH, but --git-url is ${transport}`)
    if (token === undefined || transport === 'file') return undefined
    return createHttpsCredentials({ username: env['LG_USERNAME'], password: token })
  }
  const knownHosts = expandHome(filled('--known-hosts', text(values['known-hosts'])), env)
  if (identityFile !== undefined) {
    const passphrase = env['LG_SSH_PASSPHRASE']
    return createSshCredentials({
      key: { type: 'file', path: expandHome(identityFile, env), passphrase },
      knownHosts,
    })
  }
  const socket = env['SSH_AUTH_SOCK']
  if (!socket) throw new UsageError('--identity-file is missing, and no SSH agent is running')
  return createSshCredentials({ key: { type: 'agent', socket }, knownHosts })
}

function readSeconds(value: string): number {
  const seconds = Number(value)
  if (/^\d+(?:\.\d+)?$/.test(value) && seconds > 0 && seconds <= 86_400) return seconds
  throw new UsageError(`--interval must be a number of seconds up to a day, not "${value}"`)
}

function readEngine(value: string | undefined): Config['engine'] {
  if (value === 'cli' || value === 'nodegit') return value
  throw new UsageError(`--git-engine must be cli or nodegit, not "${value}"`)
}

const text = (value: string | true | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

function filled(flag: string, value: string | undefined): string {
  if (value === undefined || value.trim() === '') throw new UsageError(`${flag} is empty`)
  return value
}

const splitList = (list = ''): readonly string[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/** As a shell does, which does not see a `~` behind `=` or in a default. */
const expandHome = (path: string, env: Environment): string =>
  resolve(path.startsWith('~/') ? `${env['HOME'] ?? ''}${path.slice(1)}` : path)
