import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gitErrors } from '@lg/git'
import type { FromEngine, ToEngine } from './engine/calls.ts'
import { unavailable } from './find-module.ts'

export interface EngineProcessOptions {
  /** The main file of nodegit. */
  readonly module: string
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  /** Kept open by the process. */
  readonly lock: number | undefined
}

/** A process that has the repository open. */
export interface EngineProcess {
  send(message: ToEngine): void
  /** Resolves when it is gone, with why. */
  readonly ended: Promise<string>
  kill(): Promise<void>
}

const program = fileURLToPath(new URL('./engine/main.mjs', import.meta.url))

/**
 * Starts a process with libgit2 in it. A process of its own has its own environment, so that nothing of the user's has
 * a say, can be ended while libgit2 waits for a connection, and takes nobody with it should native code crash.
 */
export async function startEngine(
  { module, dir, env, lock }: EngineProcessOptions,
  onMessage: (message: FromEngine) => void,
): Promise<EngineProcess> {
  const child = spawn(process.execPath, ['--no-deprecation', program], {
    cwd: dir,
    env,
    // Out of reach of a Ctrl-C that is meant for its owner.
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(lock === undefined ? [] : [lock])],
  })
  const ended = endOf(child)
  try {
    await opening(child, ended, { type: 'open', module, dir }, onMessage)
  } catch (error) {
    child.kill('SIGKILL')
    await ended
    throw error
  }
  return {
    // One that has just ended is seen by its end.
    send: (message) => void (child.connected && child.send(message, () => {})),
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function endOf(child: ChildProcess): Promise<string> {
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4096)
  })
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (status, signal) => {
      const line = stderr.trim().split('\n').at(-1) ?? ''
      resolve(`its process ended with ${signal ?? `status ${status}`}${line === '' ? '' : `: ${line}`}`)
    })
  })
}

function opening(
  child: ChildProcess,
  ended: Promise<string>,
  open: Extract<ToEngine, { type: 'open' }>,
  onMessage: (message: FromEngine) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    void ended.then((reason) => reject(unavailable(reason)))
    child.on('message', (message: FromEngine) => {
      if (message.type === 'loaded') child.send(open, () => {})
      else if (message.type === 'ready') resolve()
      else if (message.type === 'unavailable') reject(unavailable(message.reason))
      else if (message.type === 'unopened') {
        const { reason } = message
        const text = `${open.dir} cannot be used: ${reason}`
        reject(gitErrors.create('DIRECTORY_NOT_OURS', text, { dir: open.dir, reason }))
      } else onMessage(message)
    })
  })
}
