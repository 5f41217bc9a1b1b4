/** Where a live run goes. Documented in `.env.example`. */
export interface LiveEnvironment {
  readonly token: string
  /** Root of the API; absent: the host's own public one. */
  readonly apiUrl: string | undefined
  /** User or organisation that throw-away repositories are made for. */
  readonly owner: string
  /** Three people who may be assigned and asked to review. */
  readonly users: readonly [string, string, string]
  readonly teams: readonly string[]
}

/**
 * The environment of a live run for a host: `LG_LIVE_GITHUB_TOKEN` and so on. `undefined` when it is not asked for.
 *
 * @param host in capitals: `GITHUB`.
 */
export function readLiveEnvironment(host: string): LiveEnvironment | undefined {
  const read = (name: string): string | undefined => process.env[`LG_LIVE_${host}_${name}`] || undefined
  const token = read('TOKEN')
  if (token === undefined) return undefined
  const owner = read('OWNER')
  const [first, second, third] = (read('USERS') ?? '').split(',')
  if (owner === undefined || !first || !second || !third) {
    throw new Error(
      `A live run needs LG_LIVE_${host}_OWNER and three names in LG_LIVE_${host}_USERS; see .env.example`,
    )
  }
  const teams = (read('TEAMS') ?? '').split(',').filter(Boolean)
  return { token, apiUrl: read('API_URL'), owner, users: [first, second, third], teams }
}
