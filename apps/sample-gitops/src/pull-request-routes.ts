import type { RepositoryReference } from '@lg/git'
import type { PullRequestProvider } from '@lg/pull-request'
import { errorAnswer, jsonAnswer, type SampleRoutes } from '@lg/sample-api'

export interface PullRequestRoutesOptions {
  readonly provider: PullRequestProvider | undefined
  readonly repository: RepositoryReference
  /** Called after a merge: the base branch has moved. */
  readonly merged: () => void
}

/** `GET /pulls`, `GET /pulls/:n` with its diff, `POST /pulls/:n/merge`. */
export function addPullRequestRoutes(app: SampleRoutes, options: PullRequestRoutesOptions): void {
  const { provider, repository, merged } = options
  if (provider === undefined) {
    app.all('/pulls/*', () =>
      errorAnswer(404, 'NO_PROVIDER', 'No provider is configured; start with --provider'),
    )
    return
  }

  app.get('/pulls', async () => {
    const { pullRequests, unreadable } = await provider.list({ repository, state: 'all' })
    return jsonAnswer({
      pullRequests: pullRequests.map(withoutRepository),
      unreadable: unreadable.map(({ number, error }) => ({ number, message: error.message })),
    })
  })

  app.get('/pulls/:number', async ({ req }) => {
    const number = readNumber(req.param('number'))
    if (number === undefined) return invalidNumber()
    const locator = { repository, number }
    const pullRequest = await provider.get(locator)
    const files = provider.capabilities.diff ? (await provider.diff(locator)).files : []
    const diff = files.map(({ type, path, patch }) => ({ type, path, patch }))
    return jsonAnswer({ ...withoutRepository(pullRequest), diff })
  })

  app.post('/pulls/:number/merge', async ({ req }) => {
    const number = readNumber(req.param('number'))
    if (number === undefined) return invalidNumber()
    const result = await provider.merge({ repository, number })
    merged()
    return jsonAnswer(result)
  })
}

const readNumber = (text: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
const invalidNumber = (): Response => errorAnswer(400, 'INVALID_NUMBER', 'A pull request has a number from 1')

/** The repository is the same for all, and the reader knows it. */
function withoutRepository<T extends { readonly repository: unknown }>({
  repository: _,
  ...rest
}: T): Omit<T, 'repository'> {
  return rest
}
