import { gitErrors } from '@lg/git'
import { isLgError } from '@lg/runtime'
import type { Credentials, RepositoryReference } from '@lg/git'
import { isRefusedCredential, isRenewable, remoteUrl } from '@lg/git/node'
import { openCredentialSession } from './credential-session.ts'
import type { GitCommand, GitOutput, GitProcess } from './git-process.ts'
import { networkConfiguration, parseProxy } from './network.ts'
import type { Settings } from './options.ts'
import { remoteError } from './remote-errors.ts'
import type { RemoteFailure } from './remote-errors.ts'
import type { SshSetup } from './ssh-setup.ts'

export interface RemoteProcessOptions {
  readonly git: GitProcess
  readonly settings: Settings
  readonly remote: RepositoryReference
  readonly credentials: Credentials | undefined
  readonly ssh: SshSetup | undefined
  /** The repository's private folder. */
  readonly folder: string
  /** File contents come when they are read. */
  readonly partial: boolean
}

/** What the remote is called in configuration that goes with a command. */
export const remoteName = 'origin'

/** Runs git with the remote's credentials. */
export interface RemoteProcess {
  readonly remote: RepositoryReference
  /** As git takes it for an argument. */
  readonly url: string
  /** The URL, or in a partial store the name under which git knows that the remote has the rest. */
  readonly target: string
  /** Settings by which git takes the remote for one that has all that is left out by a filter. */
  promisor(filter: string): readonly string[]
  /** These, where the store is partial. */
  readonly always: readonly string[]
  /** A name in the private folder that nobody else uses. */
  uniqueName(prefix: string): string
  /** @param judge what the output means; default: any status but zero is a failure. */
  run(command: GitCommand, judge?: Judge): Promise<GitOutput>
}

type Judge = (output: GitOutput, failure: RemoteFailure) => Error | undefined

export function createRemoteProcess(options: RemoteProcessOptions): RemoteProcess {
  const { git, settings, remote, credentials, ssh, folder, partial } = options
  let names = 0
  let running = 0
  const uniqueName = (prefix: string): string => `${prefix}${names++}`
  const url = remoteUrl(remote, credentials)
  const promisor = (filter: string): readonly string[] =>
    [`url=${url}`, 'promisor=true', `partialclonefilter=${filter}`].map(
      (setting) => `remote.${remoteName}.${setting}`,
    )
  const always = partial ? promisor('blob:none') : []

  return {
    remote,
    url,
    target: partial ? remoteName : url,
    promisor,
    always,
    uniqueName,
    async run(command, judge = failedUnlessZero) {
      const { operation, signal, config = [] } = command
      // A secret that can be asked for anew is, once, when the remote refuses it.
      for (let last = !isRenewable(credentials); ; last = true) {
        const id = uniqueName('ask')
        const session = await openCredentialSession({
          program: settings.git,
          proxy: parseProxy(settings.network.proxy),
          remote,
          credentials,
          ssh,
          folder,
          id,
          signal,
        })
        running++
        try {
          const output = await git.run({
            ...command,
            timeout: settings.timeouts.remote,
            env: { ...session.env, ...(partial && { GIT_NO_LAZY_FETCH: '0' }), ...command.env },
            config: [
              ...connectionConfiguration(settings),
              ...session.config,
              ...(command.elsewhere ? [] : always),
              ...config,
            ],
          })
          const error = judge(output, { operation, output, remote, credentials, session })
          if (error === undefined) return output
          if (last || session.given.length === 0 || !isRefusedCredential(error)) throw error
        } catch (error) {
          if (mayBeConnection(error)) await ssh?.disconnect(running > 1 ? 'afterUse' : 'now')
          throw error
        } finally {
          running--
          await session.close()
        }
      }
    },
  }
}

function failedUnlessZero(output: GitOutput, failure: RemoteFailure): Error | undefined {
  return output.status === 0 ? undefined : remoteError(failure)
}

function connectionConfiguration({ timeouts, network }: Settings): readonly string[] {
  const seconds = Math.max(1, Math.ceil(timeouts.connect / 1000))
  return ['http.lowSpeedLimit=1', `http.lowSpeedTime=${seconds}`, ...networkConfiguration(network)]
}

/** Whether a kept connection may be what is broken: the remote did not answer, or the caller gave up waiting. */
function mayBeConnection(error: unknown): boolean {
  return !isLgError(error) || gitErrors.is(error, 'REMOTE_UNAVAILABLE') || gitErrors.is(error, 'TIMEOUT')
}
