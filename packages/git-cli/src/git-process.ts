import { gitErrors, redact } from '@lg/git'
import { startChild } from './child.ts'
import type { Child, ChildEnd } from './child.ts'
import { damagedObject, objectCorrupt, tellsDamage } from './damage.ts'
import { fixedConfiguration } from './environment.ts'
import type { Settings } from './options.ts'
import { tellOperation } from './steps.ts'

/** Runs git on one repository. */
export interface GitProcess {
  /** The repository. */
  readonly dir: string
  /** Runs to the end; what the exit status means is the caller's to judge. */
  run(command: GitCommand): Promise<GitOutput>
  /** As `run`, and rejects with `GIT_FAILED` unless the status is zero. */
  succeed(command: GitCommand): Promise<GitOutput>
  /** A process to talk to. It is killed by `stop`. */
  start(args: readonly string[]): Child
  /** Throws the reason of `stop`, once that was called. */
  throwIfStopped(): void
  /** Ends every process; calls under way reject with `reason`. */
  stop(reason: Error): Promise<void>
}

export interface GitCommand {
  /** For messages: `fetch`. */
  readonly operation: string
  readonly args: readonly string[]
  readonly input?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  /** More `name=value` settings. */
  readonly config?: readonly string[] | undefined
  /** Milliseconds. Default: the local one. */
  readonly timeout?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Not in this repository. */
  readonly elsewhere?: boolean | undefined
  readonly onStderr?: ((text: string) => void) | undefined
  /** Leaves processor and disk to everybody else. */
  readonly background?: boolean | undefined
}

export interface GitOutput extends ChildEnd {
  readonly raw: Uint8Array
  /** The same as text. */
  readonly stdout: string
  /** The repository that it worked on. */
  readonly dir: string
  /** The end of it, when it is long. */
  readonly stderr: string
}

export interface GitProcessOptions {
  readonly settings: Settings
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  readonly lock: number | undefined
}

type Launch = Pick<GitCommand, 'args' | 'config' | 'env' | 'elsewhere' | 'background'>

const stderrLimit = 64 * 1024

export function createGitProcess({ settings, dir, env, lock }: GitProcessOptions): GitProcess {
  const children = new Set<Child>()
  const stopped = new AbortController()

  const launch = ({
    args,
    config = [],
    env: more = {},
    elsewhere = false,
    background = false,
  }: Launch): Child => {
    stopped.signal.throwIfAborted()
    const child = startChild({
      command: settings.git,
      args: [...fixedConfiguration, ...config.flatMap((setting) => ['-c', setting]), ...args],
      cwd: dir,
      env: { ...env, ...more, ...(!elsewhere && { GIT_DIR: dir }) },
      lock,
      background,
    })
    children.add(child)
    const forget = (): void => void children.delete(child)
    child.ended.then(forget, forget)
    return child
  }

  const run = async (command: GitCommand): Promise<GitOutput> => {
    const { input = '', signal, operation } = command
    signal?.throwIfAborted()
    const timeout = command.timeout ?? settings.timeouts.local
    const began = performance.now()
    const child = launch(command)
    tellOperation(settings.onStep, operation, 'started')
    const stdout: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => {
      stderr = (stderr + text).slice(-stderrLimit)
      command.onStderr?.(text)
    })
    const interrupted = interrupt(settings, operation, timeout, signal, stopped.signal)
    try {
      const feeding = feed(child, input)
      feeding.catch(() => {})
      const outcome = await Promise.race([child.ended, interrupted.promise])
      if ('reason' in outcome) {
        await child.kill()
        throw outcome.reason
      }
      await feeding
      tellOperation(settings.onStep, operation, 'ended')
      const raw = Buffer.concat(stdout)
      return { ...outcome, raw, stdout: raw.toString('utf8'), stderr, dir }
    } finally {
      interrupted.clear()
      settings.logger.debug('Ran git', {
        operation,
        dir,
        milliseconds: Math.round(performance.now() - began),
      })
    }
  }

  return {
    dir,
    run,
    async succeed(command) {
      const output = await run(command)
      if (output.status !== 0) throw gitFailed(command.operation, output)
      return output
    },
    start: (args) => launch({ args }),
    throwIfStopped: () => stopped.signal.throwIfAborted(),
    async stop(reason) {
      stopped.abort(reason)
      await Promise.all(Array.from(children, (child) => child.kill()))
    },
  }
}

/** What is known of a process that failed. */
export type GitFailure = Omit<GitOutput, 'stdout' | 'raw'>

/** The error for a failure that has no code of its own, or that comes from a damaged object. */
export function gitFailed(operation: string, { status, signal, stderr, dir }: GitFailure): Error {
  if (tellsDamage(stderr)) return objectCorrupt(dir, damagedObject(stderr))
  const output = redact(stderr).trim()
  const how = signal === null ? `status ${status}` : `signal ${signal}`
  return gitErrors.create('GIT_FAILED', `git ${operation} failed with ${how}: ${output || '(no output)'}`, {
    operation,
    output,
    ...(status !== null && { status }),
  })
}

async function feed(child: Child, input: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  if (typeof input === 'string' || input instanceof Uint8Array) {
    child.stdin.end(input)
    return
  }
  try {
    for await (const chunk of input) {
      if (child.stdin.destroyed) return
      if (!child.stdin.write(chunk)) await drained(child)
    }
  } finally {
    child.stdin.end()
  }
}

/** Resolves when more may be written, or when nobody will ever read again. */
export function drained({ stdin }: Child): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stdin.off('drain', done)
      stdin.off('close', done)
      resolve()
    }
    stdin.on('drain', done)
    stdin.on('close', done)
    if (stdin.destroyed || !stdin.writableNeedDrain) done()
  })
}

/** Resolves with the reason to stop: the caller's signal, the repository's end, or the time. */
function interrupt(
  { clock }: Settings,
  operation: string,
  timeout: number,
  signal: AbortSignal | undefined,
  stopped: AbortSignal,
): { readonly promise: Promise<{ readonly reason: unknown }>; clear(): void } {
  const timer = new AbortController()
  const listening = new AbortController()
  const promise = new Promise<{ readonly reason: unknown }>((resolve) => {
    for (const source of [signal, stopped]) {
      const stop = (): void => resolve({ reason: source?.reason })
      if (source?.aborted) stop()
      source?.addEventListener('abort', stop, { signal: listening.signal })
    }
    clock.sleep(timeout, { signal: timer.signal }).then(
      () => resolve({ reason: timedOut(operation, timeout) }),
      () => {},
    )
  })
  return {
    promise,
    clear() {
      timer.abort()
      listening.abort()
    },
  }
}

function timedOut(operation: string, timeout: number): Error {
  return gitErrors.create('TIMEOUT', `git ${operation} was ended after ${timeout / 1000} s`, {
    operation,
    timeout,
  })
}
