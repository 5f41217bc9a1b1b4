import { gitErrors } from '@lg/git'
import type { FetchProgress } from '@lg/git'
import type { Clock } from '@lg/runtime'
import { startEngine } from './engine-process.ts'
import type { EngineProcess, EngineProcessOptions } from './engine-process.ts'
import type { Answer, EngineCall, EngineCalls, Failure, FromEngine, Question } from './engine/calls.ts'

/** libgit2 on one repository, in a process that is started when it is needed, and again when it was lost. */
export interface Engine {
  call<Name extends EngineCall>(
    name: Name,
    request: EngineCalls[Name]['request'],
    options: CallSettings,
  ): Promise<EngineCalls[Name]['result']>
  /** Throws the reason of `stop`, once that was called. */
  throwIfStopped(): void
  /** Ends the process; calls under way reject with `reason`. */
  stop(reason: Error): Promise<void>
}

export interface CallSettings {
  /** Milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
  /** Changes nothing, so that it can be asked of the next process when one was lost. */
  readonly repeatable?: boolean
  readonly onQuestion?: ((question: Question) => Promise<Answer>) | undefined
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined
}

/** What libgit2 said, for the caller to put into a code. */
export class EngineFailure extends Error implements Failure {
  readonly code: number
  readonly words: string
  readonly sent: boolean
  readonly lost: boolean

  constructor({ message, code, words, sent, lost = false }: Failure) {
    super(message)
    this.code = code
    this.words = words
    this.sent = sent
    this.lost = lost
  }
}

interface Pending {
  readonly name: EngineCall
  readonly request: unknown
  readonly settings: CallSettings
  /** How often a process was lost while this call ran. */
  losses: number
  settle(result: unknown): void
  fail(error: unknown): void
}

/** A call that loses its process once may have met a passing trouble; twice, it is the call. */
const maxLosses = 2
/** Milliseconds for a call that was given up to come to its end. */
const grace = 1_000

export function createEngine(options: EngineProcessOptions, clock: Clock): Engine {
  const pending = new Map<number, Pending>()
  /** Given up by their callers, but still running in the process: what to call when they are over. */
  const abandoned = new Map<number, () => void>()
  const abandoning = new Set<Promise<void>>()
  const stopped = new AbortController()
  let process: Promise<EngineProcess> | undefined
  let calls = 0

  const onMessage = (message: FromEngine): void => {
    if (!('id' in message)) return
    const { id } = message
    const call = pending.get(id)
    if (message.type === 'progress') call?.settings.onProgress?.(message.progress)
    else if (message.type === 'question') void answer(id, message.question, message.about)
    else {
      pending.delete(id)
      abandoned.get(id)?.()
      if (message.type === 'result') call?.settle(message.result)
      else call?.fail(new EngineFailure(message.failure))
    }
  }

  const answer = async (id: number, question: number, about: Question): Promise<void> => {
    const given = await pending
      .get(id)
      ?.settings.onQuestion?.(about)
      .catch(() => false as const)
    ;(await process)?.send({ type: 'answer', id, question, answer: given ?? false })
  }

  const start = async (): Promise<EngineProcess> => {
    const started = await startEngine(options, onMessage)
    void started.ended.then(onLoss)
    return started
  }

  const onLoss = (reason: string): void => {
    process = undefined
    for (const [id, call] of Array.from(pending)) {
      const isHopeless = call.settings.repeatable !== true || ++call.losses >= maxLosses
      if (!isHopeless && !stopped.signal.aborted) void send(id, call)
      else {
        pending.delete(id)
        const sent = call.name === 'push'
        call.fail(new EngineFailure({ message: reason, code: 0, words: '', sent, lost: true }))
      }
    }
  }

  const send = async (id: number, { name, request, fail }: Pending): Promise<void> => {
    try {
      process ??= start()
      const running = await process
      if (pending.has(id)) running.send({ type: 'call', id, name, request })
    } catch (error) {
      process = undefined
      pending.delete(id)
      fail(error)
    }
  }

  /** libgit2 is asked to stop at its next callback; where none comes, the process goes. */
  const abandon = async (id: number): Promise<void> => {
    const running = await process?.catch(() => undefined)
    if (!pending.delete(id) || !running) return
    const over = new Promise<void>((resolve) => abandoned.set(id, resolve))
    running.send({ type: 'cancel', id })
    const timer = new AbortController()
    const late = clock.sleep(grace, { signal: timer.signal }).then(
      () => true,
      () => false,
    )
    const isLate = await Promise.race([late, over, running.ended])
    timer.abort()
    abandoned.delete(id)
    if (isLate === true) await running.kill()
  }

  const leave = (id: number): void => {
    const leaving = abandon(id).finally(() => abandoning.delete(leaving))
    abandoning.add(leaving)
  }

  return {
    call: (name, request, settings) =>
      new Promise((resolve, reject) => {
        const { signal, timeout } = settings
        if (signal?.aborted) return reject(signal.reason)
        if (stopped.signal.aborted) return reject(stopped.signal.reason)
        const id = calls++
        const timer = new AbortController()
        const giveUp = (error: unknown): void => {
          finish()
          reject(error)
          leave(id)
        }
        const onAbort = (): void => giveUp(signal?.reason)
        const onStop = (): void => giveUp(stopped.signal.reason)
        const finish = (): void => {
          timer.abort()
          signal?.removeEventListener('abort', onAbort)
          stopped.signal.removeEventListener('abort', onStop)
        }
        signal?.addEventListener('abort', onAbort)
        stopped.signal.addEventListener('abort', onStop)
        clock.sleep(timeout, { signal: timer.signal }).then(
          () => giveUp(timedOut(name, timeout)),
          () => {},
        )
        const call: Pending = {
          name,
          request,
          settings,
          losses: 0,
          settle(result) {
            finish()
            resolve(result as EngineCalls[typeof name]['result'])
          },
          fail(error) {
            finish()
            reject(error)
          },
        }
        pending.set(id, call)
        void send(id, call)
      }),
    throwIfStopped: () => stopped.signal.throwIfAborted(),
    async stop(reason) {
      stopped.abort(reason)
      // What writes refs or packs gets the time to finish.
      await Promise.all(abandoning)
      const running = await process?.catch(() => undefined)
      await running?.kill()
    },
  }
}

function timedOut(operation: string, timeout: number): Error {
  return gitErrors.create('TIMEOUT', `${operation} was ended after ${timeout / 1000} s`, {
    operation,
    timeout,
  })
}
