import type { HttpOptions, Token, WritePace } from '@lg/pull-request/http'

export interface AzureDevOpsProviderOptions extends HttpOptions {
  /** A personal access token, a token of Microsoft Entra or of a pipeline (`System.AccessToken`), or what gives one. */
  readonly token: Token
  /**
   * How the token is sent: `pat` as the password of basic authentication, `bearer` as it is. Default: `bearer` for a
   * JSON Web Token, as Entra and pipelines have them, else `pat`.
   */
  readonly tokenType?: TokenType | undefined
  /**
   * Azure DevOps Server: the URL of the collection, `https://HOST/tfs/DefaultCollection`. Azure DevOps Services: one
   * organisation, `https://dev.azure.com/NAME`, or all. Default `https://dev.azure.com`.
   */
  readonly apiUrl?: string | undefined
  /**
   * Where people and groups are looked up; the token goes there as well. Default: `https://vssps.dev.azure.com` beside
   * `dev.azure.com`, else `apiUrl`.
   */
  readonly identityUrl?: string | undefined
  /**
   * Hosts, as repositories name them, that this API serves; repositories elsewhere are refused. Default: the host of
   * the API. `dev.azure.com` also stands for its SSH hosts and for `NAME.visualstudio.com`.
   */
  readonly hosts?: readonly string[] | undefined
  /** Version of the API. Azure DevOps Server 2022 before its first update: `7.0`; 2020: `6.0`. Default `7.1`. */
  readonly apiVersion?: string | undefined
  /** How fast writes may follow each other. Default: as fast as they come. */
  readonly writePace?: WritePace | undefined
}

export type TokenType = 'pat' | 'bearer'
