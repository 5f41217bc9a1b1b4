import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@lg/runtime'
import { orAborted } from './aborted.ts'
import type { HttpFault } from './fault.ts'
import type { HttpTarget } from './http-request.ts'
import { cut } from './listener.ts'

const page = '<!DOCTYPE html>\n<html><body><h1>Please sign in</h1></body></html>\n'

/** Does what a fault says before Git is asked. True when the request is to be served after that. */
export async function answerFault(exchange: {
  readonly fault: HttpFault
  readonly target: HttpTarget | undefined
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly clock: Clock
  readonly signal: AbortSignal
}): Promise<boolean> {
  const { fault, target, request, response, clock, signal } = exchange
  const answer = (status: number, headers: Readonly<Record<string, string>>, body: string): false => {
    request.resume()
    response.writeHead(status, headers).end(body)
    return false
  }
  switch (fault.type) {
    case 'status': {
      const { status, headers = {}, body = `The server was told to answer ${status}\n` } = fault
      return answer(status, { 'Content-Type': 'text/plain', ...headers }, body)
    }
    case 'html':
      return answer(200, { 'Content-Type': 'text/html; charset=utf-8' }, fault.body ?? page)
    case 'redirect':
      return answer(fault.status ?? 302, { Location: fault.to.replace(/\/$/, '') + (request.url ?? '') }, '')
    case 'drop':
      if (fault.after !== 'connect') return true
      cut(request.socket, fault.reset)
      return false
    case 'delay':
      await clock.sleep(fault.milliseconds, { signal })
      return true
    case 'intercept':
      if (target !== undefined) await orAborted(fault.run(target), signal)
      return true
    default:
      return true
  }
}
