import type { CallOptions, Clock, Logger, Random } from '@lg/runtime'

/** A token, or where to get a fresh one: asked for every request, so it should remember. */
export type Token = string | ((request: TokenRequest) => string | Promise<string>)

export interface TokenRequest extends CallOptions {
  /** Scheme, host and port that the token goes to. */
  readonly origin: string
  /** The token that the host has just refused; another one is tried once. */
  readonly refused?: string | undefined
}

/** The function of the platform, as client libraries take it. */
export type Fetch = typeof globalThis.fetch

/** What all clients of hosts have in common. */
export interface HttpOptions {
  /**
   * What sends the requests. Default: the platform's. For a proxy or a CA of your own, pass one that knows them; it must
   * follow no redirect where `redirect` is `manual`.
   */
  readonly fetch?: Fetch | undefined
  /** Milliseconds for one attempt, from the first byte sent to the last one read. Default 30,000. */
  readonly timeout?: number | undefined
  /**
   * Milliseconds that one request waits at most, all in all, for a rate limit to pass and between attempts.
   * Default 60,000.
   */
  readonly maxWait?: number | undefined
  /** Bytes of an answer, decompressed. Default 16 MiB. */
  readonly bodyLimit?: number | undefined
  /** Default `lg`. */
  readonly userAgent?: string | undefined
  /** Allows plain `http`, which shows the token to the network. Default: only to a loopback address. */
  readonly insecureHttp?: boolean | undefined
  /** Default: silent. Methods, addresses without query, status and waits; never a token or a body. */
  readonly logger?: Logger | undefined
  /** Default: the system's. */
  readonly clock?: Clock | undefined
  /** Default: the system's. */
  readonly random?: Random | undefined
}

export interface HttpFetchOptions extends HttpOptions {
  /** Root of the API, with any path before it; a slash at the end changes nothing. */
  readonly baseUrl: string
  /** Default: requests without one. */
  readonly token?: Token | undefined
  /** The headers that carry a token. Default: `Authorization: Bearer`. */
  readonly authorize?: ((token: string) => Readonly<Record<string, string>>) | undefined
  /** How fast writes may follow each other. Default: as fast as they come. */
  readonly writePace?: WritePace | undefined
}

/** After `burst` writes at once, one every `interval` milliseconds. */
export interface WritePace {
  readonly interval: number
  readonly burst: number
}
