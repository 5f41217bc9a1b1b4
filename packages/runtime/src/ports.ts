/** The last parameter of every asynchronous call. */
export interface CallOptions {
  /** Aborts the call: the promise rejects with the signal's reason, and nothing is left half done. */
  readonly signal?: AbortSignal | undefined
}

/** Where log lines go. Every factory that logs takes one and is silent without. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export type LogFields = Readonly<Record<string, unknown>>

/** Time, so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. May jump; never used to order things. */
  now(): number
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, options?: CallOptions): Promise<void>
}

/** Chance, so that tests can repeat it. */
export interface Random {
  /** Cryptographically strong bytes in the system's implementation. */
  bytes(length: number): Uint8Array
  /** A number from 0 (inclusive) to 1 (exclusive), for jitter. */
  fraction(): number
}
