import { isLgError, stringifyJson, type LogFields, type Logger } from '@lg/runtime'

/** Lines for people on a stream: time, level, message, then the fields as JSON. */
export function createConsoleLogger(
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): Logger {
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      const text = Object.entries(fields).map(([name, value]) => ` ${name}=${show(value)}`)
      write(`${now().toISOString()} ${level} ${message}${text.join('')}\n`)
    }
  return { debug: () => {}, info: log('INFO'), warn: log('WARN'), error: log('ERROR') }
}

function show(value: unknown): string {
  if (isLgError(value)) return `${value.code} ${JSON.stringify(value.message)}`
  // The stack of what nobody foresaw is the only lead to it.
  if (value instanceof Error) return JSON.stringify(value.stack ?? value.message)
  return stringifyJson(value ?? null)
}
