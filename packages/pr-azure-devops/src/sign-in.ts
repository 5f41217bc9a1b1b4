import type { Fetch } from '@lg/pull-request/http'

/**
 * Instead of refusing a token, Azure DevOps may answer with its sign-in page (203), or lead there (302). Both become
 * the 401 that they mean.
 */
export function refuseSignIn(fetch: Fetch): Fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!isSignIn(response)) return response
    // The connection may be broken already; the page is not wanted anyway.
    await response.body?.cancel().catch(() => undefined)
    return Response.json({ message: 'it asks to sign in' }, { status: 401 })
  }
}

const signInHost =
  /(?:^|\.)(?:vssps\.visualstudio\.com|vssps\.dev\.azure\.com|login\.microsoftonline\.com|login\.live\.com)$/

function isSignIn({ status, headers }: Response): boolean {
  if (status === 203) return /\bhtml\b/i.test(headers.get('content-type') ?? '')
  const location = headers.get('location')
  if (status < 300 || status > 399 || location === null) return false
  const [path = ''] = location.split('?')
  if (/\/_signin$/i.test(path)) return true
  return URL.canParse(location) && signInHost.test(new URL(location).hostname)
}
