import type { HostAnswer, HostRequest } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { numberOf } from './ids.ts'

export const failed = (status: number, type: string, message: string): HostAnswer => ({
  status,
  body: {
    $id: '1',
    innerException: null,
    message,
    typeName: `Microsoft.TeamFoundation.Git.Server.${type}, Microsoft.TeamFoundation.Git.Server`,
    typeKey: type,
    errorCode: 0,
    eventId: 3000,
  },
})

export const notFound: HostAnswer = failed(
  404,
  'GitRepositoryNotFoundException',
  'TF401019: The Git repository with name or identifier cars does not exist or you do not have permissions for the operation you are attempting.',
)

const noPull: HostAnswer = failed(
  404,
  'GitPullRequestNotFoundException',
  'TF401180: The requested pull request was not found.',
)

export const invalid = (message: string): HostAnswer =>
  failed(400, 'InvalidArgumentValueException', `Invalid argument value.\r\nParameter name: ${message}`)

const forbidden = (permission: string): HostAnswer =>
  failed(
    403,
    'GitNeedsPermissionException',
    `TF401027: You need the Git '${permission}' permission to perform this action. Details: identity 'lg-bot', scope 'repository'.`,
  )

/** All of a list, or what `$top` and `$skip` of the query name, or without the sign. */
export function listed(
  items: readonly unknown[],
  { query }: HostRequest,
  context: HostContext,
  sign = '$',
): HostAnswer {
  const skip = Number(query.get(`${sign}skip`) ?? 0)
  const top = Math.min(Number(query.get(`${sign}top`) ?? 101), context.pageLimit)
  return wrapped(items.slice(skip, skip + top))
}

export const wrapped = (value: readonly unknown[]): HostAnswer => ({
  status: 200,
  body: { count: value.length, value },
})

export type Request = HostRequest & { readonly params: Readonly<Record<string, string>> }

type Serve = (
  request: Request,
  context: HostContext,
  repository: HostRepository,
) => HostAnswer | Promise<HostAnswer>

/** Before every path of a repository. */
const repositoryPath = '/:collection/:project/_apis/git/repositories/:repository'

/** A route below a repository, which is there by its name or GUID, and open to the token. */
export function repositoryRoute(method: string, rest: string, serve: Serve): Route<HostContext> {
  return {
    method,
    pattern: `${repositoryPath}${rest}`,
    async serve(request, context) {
      const { collection, project, repository: name = '' } = request.params
      const repository =
        context.repository(`${collection}/${project}/${name}`) ??
        context.repositoryWithId(numberOf(name) ?? Number.NaN)
      if (repository === undefined || !repository.settings.visible) return notFound
      if (repository.settings.archived) {
        const message = `TF401019: The Git repository with name or identifier ${name} is disabled.`
        return failed(403, 'GitRepositoryDisabledException', message)
      }
      const writes = request.method !== 'GET'
      if (writes && !repository.settings.push) return forbidden('PullRequestContribute')
      return await serve(request, context, repository)
    },
  }
}

type ServePull = (
  request: Request,
  context: HostContext,
  repository: HostRepository,
  pull: HostPull,
) => HostAnswer | Promise<HostAnswer>

/** A route below one pull request. */
export function pullRoute(
  method: string,
  rest: string,
  serve: ServePull,
  root = 'pullRequests',
): Route<HostContext> {
  return repositoryRoute(method, `/${root}/:number${rest}`, async (request, context, repository) => {
    const state = await repository.view(context.view.stale && request.method === 'GET')
    const pull = state.pulls.find(({ number }) => String(number) === request.params['number'])
    return pull === undefined ? noPull : await serve(request, context, repository, pull)
  })
}
