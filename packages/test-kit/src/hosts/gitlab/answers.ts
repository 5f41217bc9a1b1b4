import type { HostAnswer, HostRequest } from '../exchange.ts'
import { pageOf, type HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'

export const failed = (status: number, message: unknown): HostAnswer => ({ status, body: { message } })

export const notFound: HostAnswer = failed(404, '404 Not found')
export const projectNotFound: HostAnswer = failed(404, '404 Project Not Found')
export const forbidden: HostAnswer = failed(403, '403 Forbidden')

/** A page of a list, with both ways that lead to the next one. */
export function listed(items: readonly unknown[], request: HostRequest, context: HostContext): HostAnswer {
  const { items: body, page, size, last } = pageOf(items, request, context, { size: 'per_page', usual: 20 })
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(request.query)
    query.set('page', String(to))
    return `<${context.apiUrl}${request.path}?${query}>; rel="${rel}"`
  }
  const links = [...(page < last ? [link(page + 1, 'next')] : []), link(1, 'first'), link(last, 'last')]
  const headers = {
    link: links.join(', '),
    'x-page': String(page),
    'x-per-page': String(size),
    'x-next-page': page < last ? String(page + 1) : '',
  }
  return { status: 200, body, headers }
}

/** The project of a path, by number or by full path, when the token sees it. */
export function projectOf(
  params: Readonly<Record<string, string>>,
  context: HostContext,
): HostRepository | undefined {
  const name = params['project'] ?? ''
  const repository = /^\d+$/.test(name) ? context.repositoryWithId(Number(name)) : context.repository(name)
  return repository?.settings.visible ? repository : undefined
}

/** Field of a JSON body. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
}

/** A list, or a text with commas; a comma inside an entry parts it too. `undefined`: not given. */
export function listField(body: unknown, name: string): readonly string[] | undefined {
  const value = fieldOf(body, name)
  if (value === undefined) return undefined
  return String(value)
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
}
