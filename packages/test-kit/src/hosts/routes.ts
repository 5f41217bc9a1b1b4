import type { HostAnswer, HostRequest } from './exchange.ts'

/** Serves requests of one method whose path fits a pattern. */
export interface Route<Context> {
  readonly method: string
  /** `:name` is one part of the path, decoded; `*name` at the end is all the rest. */
  readonly pattern: string
  readonly serve: (
    request: HostRequest & { readonly params: Readonly<Record<string, string>> },
    context: Context,
  ) => HostAnswer | Promise<HostAnswer>
}

/** The first route that fits, and the parts of the path by name. */
export function matchRoute<Context>(
  routes: readonly Route<Context>[],
  { method, path }: Pick<HostRequest, 'method' | 'path'>,
): { readonly route: Route<Context>; readonly params: Readonly<Record<string, string>> } | undefined {
  const parts = path.split('/').slice(1)
  for (const route of routes) {
    const params = route.method === method ? matchPattern(route.pattern, parts) : undefined
    if (params !== undefined) return { route, params }
  }
  return undefined
}

function matchPattern(pattern: string, parts: readonly string[]): Record<string, string> | undefined {
  const wanted = pattern.split('/').slice(1)
  const rest = wanted.at(-1)?.startsWith('*') ?? false
  if (rest ? parts.length < wanted.length : parts.length !== wanted.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, name] of wanted.entries()) {
    const part = decodeURIComponent(parts[index] ?? '')
    if (name.startsWith('*')) params[name.slice(1)] = parts.slice(index).map(decodeURIComponent).join('/')
    else if (name.startsWith(':')) params[name.slice(1)] = part
    else if (name !== part) return undefined
  }
  return params
}
