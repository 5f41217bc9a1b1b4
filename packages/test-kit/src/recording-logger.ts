import type { LogFields, Logger } from '@lg/runtime'
import { createRecorder } from './recording.ts'
import type { Recording } from './recording.ts'

/** One call of a recording logger. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields
}

/** A logger that keeps what it was told. */
export interface RecordingLogger extends Logger, Recording<LogEntry> {}

/**
 * A logger for tests: `entries` holds every call, `text()` everything for searching (errors in fields with
 * their stacks and causes), `waitFor()` the entry that a test waits for.
 *
 * @example
 * ```ts
 * const logger = createRecordingLogger()
 * const app = createApp({ logger })
 * await logger.waitFor((entry) => entry.message.includes('synced'))
 * expect(logger.text()).not.toContain(token)
 * ```
 */
export function createRecordingLogger(): RecordingLogger {
  const { recording, add } = createRecorder<LogEntry>()
  const log =
    (level: LogEntry['level']) =>
    (message: string, fields: LogFields = {}): void =>
      add({ level, message, fields })
  return { ...recording, debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
}
