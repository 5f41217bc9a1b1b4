import { parseArgs, type ParseArgsConfig } from 'node:util'

/** A fault in flags or environment: usage and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Flag {
  /** Shown behind the flag: `<url>`. Without it the flag is a switch. */
  readonly value?: string
  readonly help: string
  readonly default?: string
}

export type FlagValues<Flags> = { readonly [Name in keyof Flags]?: string | true }

/** Flags that all samples take. */
export const commonFlags: {
  readonly host: Flag
  readonly port: Flag
  readonly version: Flag
  readonly help: Flag
} = {
  host: { value: '<address>', help: 'address to listen on', default: 'localhost' },
  port: { value: '<number>', help: 'port to listen on; 0 takes a free one', default: '8888' },
  version: { help: 'print the version and exit' },
  help: { help: 'print this and exit' },
}

/**
 * Reads flags strictly: an unknown one, a missing value or a stray word is a `UsageError`.
 */
export function parseFlags<const Flags extends Readonly<Record<string, Flag>>>(
  args: readonly string[],
  flags: Flags,
): FlagValues<Flags> {
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const [name, flag] of Object.entries(flags)) {
    options[name] =
      flag.value === undefined ? { type: 'boolean' }
      : flag.default === undefined ? { type: 'string' }
      : { type: 'string', default: flag.default }
  }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
      .values as FlagValues<Flags>
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** The `--help` page of a command. */
export function formatUsage(command: string, summary: string, flags: Readonly<Record<string, Flag>>): string {
  const rows = Object.entries(flags).map(([name, flag]) => ({
    left: `  --${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    right: flag.help + (flag.default === undefined ? '' : ` (default: ${flag.default})`),
  }))
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2
  return [
    summary,
    '',
    `Usage: ${command} [flags]`,
    '',
    ...rows.map(({ left, right }) => left.padEnd(width) + right),
    '',
  ].join('\n')
}

/** A port number, or a `UsageError`. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new UsageError(`--port must be a number from 0 to 65535, not "${text}"`)
}
