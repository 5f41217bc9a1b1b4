/** The head of a CGI answer (RFC 3875), and what follows it. */
export interface CgiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
}

/** Reads the head of a CGI answer; undefined when the output ends before the head does. */
export async function readCgi(output: AsyncIterator<Uint8Array>): Promise<CgiAnswer | undefined> {
  let seen: Buffer = Buffer.alloc(0)
  for (;;) {
    const end = /\r?\n\r?\n/.exec(seen.toString('latin1'))
    if (end !== null) {
      const headers = parseHeaders(seen.subarray(0, end.index).toString('latin1'))
      const { status = '200', ...others } = headers
      return {
        status: Number.parseInt(status, 10),
        headers: others,
        body: follow(seen.subarray(end.index + end[0].length), output),
      }
    }
    const next = await output.next()
    if (next.done === true) return undefined
    seen = Buffer.concat([seen, next.value])
  }
}

function parseHeaders(head: string): Record<string, string> {
  const lines = head.split(/\r?\n/).map((line) => /^([^:]+):\s*(.*)$/.exec(line))
  return Object.fromEntries(
    lines.flatMap((line) => (line === null ? [] : [[line[1]?.toLowerCase(), line[2]]])),
  )
}

async function* follow(first: Uint8Array, output: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (first.length > 0) yield first
  for (let next = await output.next(); next.done !== true; next = await output.next()) yield next.value
}
