import type { HttpOptions, Token } from '@lg/pull-request/http'

export interface GiteaProviderOptions extends HttpOptions {
  /** A token of the user in whose name all is done, or what gives one. */
  readonly token: Token
  /**
   * The server, with any path that it lives below: `https://HOST`, `https://HOST/gitea`. The `/api/v1` of its API may
   * stand at the end.
   */
  readonly apiUrl: string
  /** Hosts, as repositories name them, that this server has; repositories elsewhere are refused. Default: its own. */
  readonly hosts?: readonly string[] | undefined
  /**
   * What becomes of a label that neither the repository nor its organisation has: it is made (default) in the
   * repository, refused with `UNKNOWN_LABEL`, or left out.
   */
  readonly labels?: LabelMode | undefined
  /** Colour of labels that are made: six hexadecimal digits. Default `ededed`. */
  readonly labelColor?: string | undefined
  /** What makes a draft of a pull request when its title begins with it; the server decides. Default `WIP:`. */
  readonly draftPrefix?: string | undefined
}

export type LabelMode = 'create' | 'require' | 'ignore'
