import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { FaultTarget } from './fault.ts'
import { gitService } from './git-service.ts'
import type { GitService } from './git-service.ts'

/** One request that a Git server over HTTP got. */
export interface RecordedRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Undefined for a request that is none of Git's. */
  readonly service: GitService | undefined
  readonly repository: string | undefined
  /** What the request carried in `Authorization: Basic`, decoded. */
  readonly credentials: { readonly user: string; readonly token: string } | undefined
  /** Undefined as long as nothing was answered. */
  readonly status: number | undefined
  /** Whether the exchange is over, answered or broken off. */
  readonly done: boolean
}

/** What a smart HTTP request asks for. */
export interface HttpTarget extends FaultTarget {
  /** The path below the repository. */
  readonly endpoint: 'info/refs' | 'git-upload-pack' | 'git-receive-pack'
  /** The query, without `?`. */
  readonly query: string
  /** Whether it carries commands to move refs. */
  readonly pushes: boolean
}

// A client that is about to send a lot first asks with an empty list of commands whether it may.
const probeLength = '4'

/** Reads one of the requests of Git's smart HTTP protocol, undefined for any other. */
export function parseTarget({ method, url = '', headers }: IncomingMessage): HttpTarget | undefined {
  const [path = '', query = ''] = url.split('?', 2)
  const match = /^\/(.+)\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(path)
  if (match === null) return undefined
  const repository = decode(match[1] ?? '')
  const endpoint = match[2] as HttpTarget['endpoint']
  const advertises = endpoint === 'info/refs'
  const service = gitService(advertises ? new URLSearchParams(query).get('service') : endpoint)
  if (repository === undefined || service === undefined || method !== (advertises ? 'GET' : 'POST'))
    return undefined
  const pushes = endpoint === 'git-receive-pack' && headers['content-length'] !== probeLength
  return { repository, endpoint, query, service, pushes }
}

export function parseCredentials(authorization: string | undefined): RecordedRequest['credentials'] {
  const encoded = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [user = '', ...token] = Buffer.from(encoded, 'base64').toString().split(':')
  return { user, token: token.join(':') }
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
