import type { HostAnswer, HostRequest } from '../exchange.ts'
import { pageOf } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { Route } from '../routes.ts'
import type { GiteaContext } from './server.ts'

const url = 'https://gitea.example/api/swagger'

export const failed = (status: number, message: string): HostAnswer => ({ status, body: { message, url } })

/** The same whether a repository is missing, a branch, or anything else. */
export const notFound: HostAnswer = {
  status: 404,
  body: { message: "The target couldn't be found.", url, errors: [] },
}

/** What was wrong inside is told to administrators only. */
export const broken: HostAnswer = failed(500, '')

/**
 * A page of a list. The size is cut to the server's limit without a word.
 *
 * @param link whether the list has a `Link` header, as few have.
 */
export function listed(
  items: readonly unknown[],
  request: HostRequest,
  context: GiteaContext,
  link = false,
): HostAnswer {
  const { items: body, page, last } = pageOf(items, request, context, { size: 'limit', usual: 30 })
  const next = new URLSearchParams(request.query)
  next.set('page', String(page + 1))
  const more = link && page < last
  return {
    status: 200,
    body,
    headers: {
      'x-total-count': String(items.length),
      ...(more && { link: `<${context.apiUrl}${request.path}?${next}>; rel="next"` }),
    },
  }
}

/** The repository of a path below `/repos`, when the token sees it. */
export function repositoryOf(
  params: Readonly<Record<string, string>>,
  context: GiteaContext,
): HostRepository | undefined {
  const repository = context.repository(`${params['owner']}/${params['repo']}`)
  return repository?.settings.visible ? repository : undefined
}

/** Bodies are read only when they say that they are JSON. */
export function readsJson(route: Route<GiteaContext>): Route<GiteaContext> {
  return {
    ...route,
    serve(request, context) {
      const type = request.headers['content-type'] ?? ''
      if (request.body === undefined || type.includes('json')) return route.serve(request, context)
      return failed(422, `[]: ${type === '' ? 'Empty' : 'Unsupported'} Content-Type`)
    },
  }
}

/** Field of a JSON body. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
}

export function namesOf(body: unknown, name: string): readonly string[] {
  const value = fieldOf(body, name)
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
}

export function idsOf(body: unknown, name: string): readonly number[] {
  const value = fieldOf(body, name)
  return Array.isArray(value) ? value.filter((entry): entry is number => typeof entry === 'number') : []
}

export const union = (one: readonly string[], other: readonly string[]): string[] => [
  ...new Set([...one, ...other]),
]
