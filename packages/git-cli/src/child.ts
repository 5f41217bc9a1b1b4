import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { gitErrors } from '@lg/git'

export interface ChildRequest {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Kept open by the child and all that it starts. */
  readonly lock: number | undefined
  /** At the lowest priority, with all that it starts. */
  readonly background?: boolean
}

/** A process with its own group, so that what it starts can be ended with it. */
export interface Child {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the process has ended and its output has been read; rejects when it could not start. */
  readonly ended: Promise<ChildEnd>
  /** Ends the whole group: asks first, then insists. Resolves when it is gone. */
  kill(): Promise<void>
}

export interface ChildEnd {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

/** Time to clean up (git removes its lock files) before a killed group is ended for good. */
const grace = 1_000

export function startChild({ command, args, cwd, env, lock, background }: ChildRequest): Child {
  // From its beginning: what it starts must not be quicker than the call that lowers its priority.
  const [program, ...rest] = background ? ['nice', '-n', '19', command, ...args] : [command, ...args]
  const child = spawn(program, rest, {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...(lock === undefined ? [] : [lock])],
  }) as ChildProcessByStdio<Writable, Readable, Readable>
  // A child that ends before it has read everything is seen by its exit, not by EPIPE.
  child.stdin.on('error', () => {})
  const signalGroup = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, name)
    } catch {
      // The group is gone already.
    }
  }
  const ended = new Promise<ChildEnd>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(command, cwd, error)))
    child.once('exit', (status, signal) => {
      signalGroup('SIGKILL')
      child.once('close', () => resolve({ status, signal }))
    })
  })
  ended.catch(() => {})
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    async kill() {
      signalGroup('SIGTERM')
      const timer = setTimeout(() => signalGroup('SIGKILL'), grace)
      // Output that nobody reads any more would keep the pipes, and so the end, waiting.
      child.stdout.destroy()
      child.stderr.destroy()
      await ended.catch(() => {})
      clearTimeout(timer)
    },
  }
}

function notStarted(command: string, cwd: string, error: Error): Error {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
  const reason = missing ? `neither "${command}" in PATH nor the folder ${cwd} may be missing` : error.message
  return gitErrors.create(
    'ENGINE_UNAVAILABLE',
    `Cannot run ${command}: ${reason}. Install git 2.39 or newer, or name its path in \`git\`.`,
    { engine: command, reason },
    { cause: error },
  )
}
