import { stringifyJson } from '@lg/runtime'

/** A JSON answer with exact integers, one trailing newline, never cached. */
export function jsonAnswer(value: unknown, status = 200): Response {
  return new Response(stringifyJson(value, { indent: 2 }) + '\n', {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  })
}

/** The body of every failure: a code for programs and a sentence for people. */
export function errorAnswer(status: number, code: string, message: string): Response {
  return jsonAnswer({ error: { code, message } }, status)
}
