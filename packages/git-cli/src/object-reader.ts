import type { ObjectReader, ObjectReply } from '@lg/git/node'
import { createAbortListeners } from './abort-listeners.ts'
import { createBatchParser } from './batch-parser.ts'
import type { Child } from './child.ts'
import { drained, gitFailed } from './git-process.ts'
import type { GitProcess } from './git-process.ts'

/** One long-lived `git cat-file`, asked many things at once. */
export interface GitReader extends ObjectReader {
  /** Asks a new process from here on; the one so far answers what it was asked, and ends. */
  renew(): void
}

interface Request {
  readonly verb: 'info' | 'contents'
  readonly name: string
  /** How often a process died while it was this request's turn. */
  deaths: number
  settle(reply: ObjectReply): void
  fail(error: unknown): void
}

interface Session {
  readonly child: Child
  readonly waiting: Request[]
}

/** An object that ends the process once may have met a passing trouble; twice, it is the object. */
const maxDeaths = 2

export function createObjectReader(git: GitProcess): GitReader {
  let session: Session | undefined
  let queued: Request[] = []
  const listenForAbort = createAbortListeners()

  const open = (): Session => {
    const child = git.start(['cat-file', '--batch-command', '--buffer'])
    const waiting: Request[] = []
    const opened: Session = { child, waiting }
    const parser = createBatchParser(
      () => waiting[0]?.verb === 'contents',
      (reply) => waiting.shift()?.settle(reply),
    )
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => parser.push(chunk))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4096)
    })
    const onEnd = (error: unknown, isStart: boolean): void => {
      if (session === opened) session = undefined
      const head = waiting[0]
      if (head) head.deaths++
      const hopeless =
        isStart ? waiting.splice(0)
        : head && head.deaths >= maxDeaths ? waiting.splice(0, 1)
        : []
      for (const request of hopeless) request.fail(error)
      if (waiting.length > 0) enqueue(waiting)
    }
    child.ended.then(
      (end) => onEnd(gitFailed('cat-file', { ...end, stderr, dir: git.dir }), false),
      (error: unknown) => onEnd(error, true),
    )
    return opened
  }

  const flush = (): void => {
    const requests = queued
    queued = []
    try {
      session ??= open()
    } catch (error) {
      for (const request of requests) request.fail(error)
      return
    }
    session.waiting.push(...requests)
    session.child.stdin.write(`${requests.map(({ verb, name }) => `${verb} ${name}\n`).join('')}flush\n`)
  }

  const enqueue = (requests: readonly Request[]): void => {
    if (queued.length === 0) queueMicrotask(flush)
    queued.push(...requests)
  }

  const ask = (verb: Request['verb'], name: string, signal: AbortSignal | undefined): Promise<ObjectReply> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const finish = signal ? listenForAbort(signal, () => reject(signal.reason)) : () => {}
      enqueue([
        {
          verb,
          name,
          deaths: 0,
          settle(reply) {
            finish()
            resolve(reply)
          },
          fail(error) {
            finish()
            reject(error)
          },
        },
      ])
    })

  return {
    info: (name, signal) => ask('info', name, signal),
    contents: (name, signal) => ask('contents', name, signal),
    stream: (names, signal) => streamObjects(git, names, signal),
    renew() {
      session?.child.stdin.end()
      session = undefined
    },
  }
}

const linesAtOnce = 512

async function* streamObjects(
  git: GitProcess,
  names: Iterable<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectReply> {
  signal?.throwIfAborted()
  const child = git.start(['cat-file', '--batch', '--buffer'])
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4096)
  })
  const onAbort = (): void => void child.kill()
  signal?.addEventListener('abort', onAbort, { once: true })
  const replies: ObjectReply[] = []
  const parser = createBatchParser(
    () => true,
    (reply) => replies.push(reply),
  )
  try {
    let asked = 0
    let answered = 0
    const lines = function* (): Generator<string> {
      let batch: string[] = []
      for (const name of names) {
        asked++
        if (batch.push(name) < linesAtOnce) continue
        yield `${batch.join('\n')}\n`
        batch = []
      }
      if (batch.length > 0) yield `${batch.join('\n')}\n`
    }
    const feeding = (async () => {
      for (const text of lines()) {
        if (child.stdin.destroyed) return
        if (!child.stdin.write(text)) await drained(child)
      }
    })().finally(() => child.stdin.end())
    feeding.catch(() => {})
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      parser.push(chunk)
      for (const reply of replies.splice(0)) {
        answered++
        yield reply
        signal?.throwIfAborted()
      }
    }
    await feeding
    const end = await child.ended
    if (end.status !== 0 || answered < asked) throw gitFailed('cat-file', { ...end, stderr, dir: git.dir })
  } catch (error) {
    // A process that was ended on purpose breaks off in one way or another.
    signal?.throwIfAborted()
    git.throwIfStopped()
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await child.kill()
  }
}
