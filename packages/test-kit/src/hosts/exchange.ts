import type { IncomingHttpHeaders } from 'node:http'

/** A request to the API of a fake host. */
export interface HostRequest {
  readonly method: string
  /** Below the root of the API, as sent: `/repos/lg/cars/pulls`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** Parsed JSON; `undefined` when there is none. */
  readonly body: unknown
}

export interface HostAnswer {
  readonly status: number
  /** Sent as JSON; a text as it is, with the content type of `headers`. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One request that a fake host got, and what it said. */
export interface HostExchange extends HostRequest {
  /** Undefined as long as nothing was answered, and when a fault cut the connection. */
  readonly answer: HostAnswer | undefined
  /** The type of the fault that hit it. */
  readonly fault: string | undefined
}

/** Compares exchanges with a description of the API: what does not agree, in words. */
export type CheckExchange = (exchange: HostExchange) => readonly string[]
