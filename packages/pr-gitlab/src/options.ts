import type { HttpOptions, Token, WritePace } from '@lg/pull-request/http'

export interface GitLabProviderOptions extends HttpOptions {
  /** A token, or what gives one. */
  readonly token: Token
  /**
   * `access` (default): a personal, project or group access token, sent as `PRIVATE-TOKEN`. `oauth`: a token of OAuth,
   * sent as `Authorization: Bearer`.
   */
  readonly tokenType?: TokenType | undefined
  /**
   * Root of the API; it ends in `/api/v4`. Self-managed: `https://HOST/api/v4`; below a path:
   * `https://HOST/gitlab/api/v4`. Default `https://gitlab.com/api/v4`.
   */
  readonly apiUrl?: string | undefined
  /** Hosts, as repositories name them, that this API serves; repositories elsewhere are refused. Default: its host. */
  readonly hosts?: readonly string[] | undefined
  /**
   * What becomes of a label that neither the project nor a group above it has: it is made (default), refused with
   * `UNKNOWN_LABEL`, or left out.
   */
  readonly labels?: LabelMode | undefined
  /** Colour of labels that are made: six hexadecimal digits. Default: GitLab's own. */
  readonly labelColor?: string | undefined
  /**
   * How many assignees and how many reviewers a merge request may have: 1 on a free plan, which drops all others without
   * a word. Default: 200, what GitLab takes at most.
   */
  readonly peopleLimit?: number | undefined
  /** Milliseconds to wait until GitLab notices a branch that was just pushed. Default 60,000. */
  readonly branchWait?: number | undefined
  /** How fast writes may follow each other. Default: as fast as they come. */
  readonly writePace?: WritePace | undefined
}

export type LabelMode = 'create' | 'require' | 'ignore'
export type TokenType = 'access' | 'oauth'
