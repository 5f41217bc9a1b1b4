// @ts-check
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/**
 * Throws when a server sends callers elsewhere. libgit2 follows such an answer, within the same host whatever the port,
 * before it has logged in (later, it would have to ask for the credentials again, which are given once). So it is asked
 * first, with nothing that it could hand on. Behind a proxy nothing is asked.
 *
 * @param {string} url
 * @param {'git-upload-pack' | 'git-receive-pack'} service
 */
export async function refuseRedirect(url, service) {
  const { env } = process
  const isHttps = url.startsWith('https:')
  const proxy = isHttps ? (env['https_proxy'] ?? env['HTTPS_PROXY']) : env['http_proxy']
  if (!/^https?:/.test(url) || (proxy ?? '') !== '') return
  const status = await statusOf(`${url}/info/refs?service=${service}`, isHttps)
  if (status >= 300 && status < 400 && status !== 304) throw new Error('unexpected redirect')
}

/**
 * Zero where there is no answer, of which libgit2 will tell.
 *
 * @param {string} url
 * @param {boolean} isHttps
 * @returns {Promise<number>}
 */
function statusOf(url, isHttps) {
  return new Promise((resolve) => {
    // Who answers is not trusted for anything: libgit2 checks the certificate of the connection that matters.
    const options = {
      agent: false,
      rejectUnauthorized: false,
      headers: { 'user-agent': 'git/2.0 (libgit2)' },
    }
    const request = (isHttps ? requestHttps : requestHttp)(url, options, (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    request.on('error', () => resolve(0))
    request.end()
  })
}
