import { spawn } from 'node:child_process'
import type { CallOptions } from '@lg/runtime'
import { testKitErrors } from './errors.ts'

/** Configuration entries as Git names them: `{ 'receive.autogc': 'false' }`. */
export type GitConfig = Readonly<Record<string, string>>

/**
 * An environment in which Git sees no configuration but its repository's and the given entries, asks
 * nothing and speaks English.
 */
export function hermeticEnvironment(config: GitConfig = {}): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env
  const environment: NodeJS.ProcessEnv = {
    PATH,
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    HOME: '/dev/null',
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  }
  const entries = Object.entries(config)
  environment['GIT_CONFIG_COUNT'] = String(entries.length)
  for (const [index, [key, value]] of entries.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key
    environment[`GIT_CONFIG_VALUE_${index}`] = value
  }
  return environment
}

export interface RunGitOptions extends CallOptions {
  readonly input?: string | Uint8Array
  /** Exit codes that are no failure; only 0 by default. */
  readonly accept?: readonly number[]
}

/** Runs `git` hermetically and gives its output. Rejects with `GIT_FAILED` on any other exit code than 0. */
export function runGit(args: readonly string[], options: RunGitOptions = {}): Promise<Buffer> {
  const { input = '', accept = [0], signal } = options
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const child = spawn('git', args, { env: hermeticEnvironment(), stdio: 'pipe', signal })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    // Git may end without reading its input; its exit code tells what that means.
    child.stdin.on('error', () => {})
    child.on('error', (error) => reject(startFailure('git', error, signal)))
    child.on('close', (exitCode) => {
      if (signal?.aborted) return reject(signal.reason)
      if (exitCode !== null && accept.includes(exitCode)) return resolve(Buffer.concat(output))
      const stdout = Buffer.concat(output).toString()
      const stderr = Buffer.concat(errors).toString()
      const message = `git ${args.join(' ')} ended with exit code ${exitCode}: ${stderr.trim()}`
      reject(testKitErrors.create('GIT_FAILED', message, { args, exitCode, stdout, stderr }))
    })
    child.stdin.end(input)
  })
}

/** What the `error` event of a child process means. */
export function startFailure(program: string, error: Error, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error
  return testKitErrors.create(
    'PROGRAM_MISSING',
    `${program} is not on the PATH; install it`,
    { program },
    {
      cause: error,
    },
  )
}
