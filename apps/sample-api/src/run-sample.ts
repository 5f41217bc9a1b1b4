import { isLgError, type Logger } from '@lg/runtime'
import { formatUsage, parseFlags, UsageError, type Flag, type FlagValues } from './command-line.ts'
import { createConsoleLogger } from './console-logger.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a command takes from the process it runs in. */
export interface SampleProcess {
  readonly args: readonly string[]
  readonly env: Environment
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** Aborted on Ctrl-C. */
  readonly stop: AbortSignal
  /** Called once, when requests are answered. */
  readonly listening?: ((url: string) => void) | undefined
}

export interface SampleCommand<Flags extends Readonly<Record<string, Flag>>, Config> {
  readonly name: string
  readonly version: string
  readonly summary: string
  readonly flags: Flags
  /** Behind the flags of `--help`. */
  readonly notes?: string | undefined
  /** @throws UsageError */
  readonly configure: (values: FlagValues<Flags>, env: Environment) => Config
  readonly start: (config: Config, logger: Logger, signal: AbortSignal) => Promise<RunningSample>
}

export interface RunningSample {
  readonly url: string
  close(): Promise<void>
}

/** Runs a command until it is stopped, and returns its exit code: 2 for a fault in flags, 1 for a failure. */
export async function runSample<const Flags extends Readonly<Record<string, Flag>>, Config>(
  command: SampleCommand<Flags, Config>,
  { args, env, stdout, stderr, stop, listening }: SampleProcess,
): Promise<number> {
  const { name, version, summary, flags, notes = '' } = command
  let config: Config
  try {
    const values = parseFlags(args, flags)
    if (values['help']) return print(stdout, formatUsage(name, summary, flags) + notes)
    if (values['version']) return print(stdout, `${name} ${version}\n`)
    config = command.configure(values, env)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    stderr(`${name}: ${error.message}\n${name} --help shows all flags.\n`)
    return 2
  }

  try {
    const app = await command.start(config, createConsoleLogger(stderr), stop)
    stdout(`Listening on ${app.url}\n`)
    listening?.(app.url)
    await aborted(stop)
    await app.close()
    return 0
  } catch (error) {
    if (stop.aborted && error === stop.reason) return 0
    stderr(`${name}: ${describeFailure(error)}\n`)
    return 1
  }
}

function print(stdout: (text: string) => void, text: string): number {
  stdout(text)
  return 0
}

function describeFailure(error: unknown): string {
  if (isLgError(error)) return error.message
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number }
  if (code === 'EADDRINUSE') return `port ${port} is taken; choose another with --port`
  return error.stack ?? error.message
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
