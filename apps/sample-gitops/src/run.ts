import { isLgError } from '@lg/runtime'
import { createConsoleLogger, formatUsage, parseFlags, UsageError } from '@lg/sample-api'
import packageJson from '../package.json' with { type: 'json' }
import { readConfig, type Config, type Environment } from './config.ts'
import { environmentHelp, flags, summary } from './flags.ts'
import { startSampleGitOps } from './sample-gitops.ts'

export interface Process {
  readonly args: readonly string[]
  readonly env: Environment
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** Aborted on Ctrl-C. */
  readonly stop: AbortSignal
  /** Called once, when requests are answered. */
  readonly listening?: (url: string) => void
}

/** Runs the command until it is stopped, and returns its exit code: 2 for a fault in flags, 1 for a failure. */
export async function run(process: Process): Promise<number> {
  const { args, env, stdout, stderr, stop } = process
  let config: Config
  try {
    const values = parseFlags(args, flags)
    if (values.help) return print(stdout, formatUsage('sample-gitops', summary, flags) + '\n' + environmentHelp)
    if (values.version) return print(stdout, `sample-gitops ${packageJson.version}\n`)
    config = readConfig(values, env)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    stderr(`sample-gitops: ${error.message}\nsample-gitops --help shows all flags.\n`)
    return 2
  }

  const logger = createConsoleLogger(stderr)
  try {
    const app = await startSampleGitOps(config, logger, { signal: stop })
    stdout(`Listening on ${app.url}\n`)
    process.listening?.(app.url)
    await aborted(stop)
    await app.close()
    return 0
  } catch (error) {
    if (stop.aborted && error === stop.reason) return 0
    stderr(`sample-gitops: ${describeFailure(error, config)}\n`)
    return 1
  }
}

function print(stdout: (text: string) => void, text: string): number {
  stdout(text)
  return 0
}

function describeFailure(error: unknown, { port }: Config): string {
  if (isLgError(error)) return error.message
  if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return `port ${port} is taken; choose another with --port`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
