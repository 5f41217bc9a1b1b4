import type { HostAnswer, HostRequest } from '../exchange.ts'
import { pageOf, type HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'

const documentation = { documentation_url: 'https://docs.github.com/rest' }

export const failed = (status: number, message: string): HostAnswer => ({
  status,
  body: { message, ...documentation, status: String(status) },
})

export const notFound: HostAnswer = failed(404, 'Not Found')

/** One entry of the list of what is wrong with a request. */
export interface GitHubFault {
  readonly resource: string
  readonly code: string
  readonly field?: string
  readonly message?: string
}

export const invalid = (...errors: readonly GitHubFault[]): HostAnswer => ({
  status: 422,
  body: { message: 'Validation Failed', errors, ...documentation, status: '422' },
})

export const issuesDisabled: HostAnswer = failed(410, 'Issues has been disabled in this repository.')

/** A page of a list, with the `Link` header that leads to the next one. */
export function listed(items: readonly unknown[], request: HostRequest, context: HostContext): HostAnswer {
  const { items: body, page, last } = pageOf(items, request, context, { size: 'per_page', usual: 30 })
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(request.query)
    query.set('page', String(to))
    return `<${context.apiUrl}${request.path}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ]
  return { status: 200, body, ...(links.length > 0 && { headers: { link: links.join(', ') } }) }
}

/** The repository of a path below `/repos`, when the token sees it. */
export function repositoryOf(
  params: Readonly<Record<string, string>>,
  context: HostContext,
): HostRepository | undefined {
  const repository = context.repository(`${params['owner']}/${params['repo']}`)
  return repository?.settings.visible ? repository : undefined
}

/** Field of a JSON body. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
}

export function namesOf(body: unknown, name: string): readonly string[] {
  const value = fieldOf(body, name)
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : []
}

export const union = (one: readonly string[], other: readonly string[]): string[] => [
  ...new Set([...one, ...other]),
]
