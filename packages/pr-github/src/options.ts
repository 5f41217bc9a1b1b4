import type { HttpOptions, Token, WritePace } from '@lg/pull-request/http'

export interface GitHubProviderOptions extends HttpOptions {
  /** A token, or what gives one: {@link createGitHubAppToken} for an app. */
  readonly token: Token
  /** Root of the API. GitHub Enterprise Server: `https://HOST/api/v3`. Default `https://api.github.com`. */
  readonly apiUrl?: string | undefined
  /**
   * Hosts, as repositories name them, that this API serves; repositories elsewhere are refused. Default: the host of
   * the API, and `github.com` for `api.github.com`.
   */
  readonly hosts?: readonly string[] | undefined
  /**
   * What becomes of a label that the repository does not have: it is made (default), refused with `UNKNOWN_LABEL`, or
   * left out.
   */
  readonly labels?: LabelMode | undefined
  /** Colour of labels that are made: six hexadecimal digits. Default: GitHub's grey. */
  readonly labelColor?: string | undefined
  /** How fast writes may follow each other. Default: 10 at once, then one a second, as GitHub asks. */
  readonly writePace?: WritePace | undefined
}

export type LabelMode = 'create' | 'require' | 'ignore'
