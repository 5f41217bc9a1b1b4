import { spawn } from 'node:child_process'
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'

/** Starts processes and ends them all, with the processes that they started themselves. */
export interface Children {
  spawn(
    command: string,
    args: readonly string[],
    options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
  ): ChildProcessWithoutNullStreams
  /** Ends all that run, and resolves when they are gone. */
  close(): Promise<void>
}

const patience = 2_000

export function createChildren(): Children {
  const running = new Set<ChildProcess>()
  return {
    spawn(command, args, options) {
      // A process group of its own, so that a signal also reaches what Git starts itself.
      const child = spawn(command, args, { ...options, stdio: 'pipe', detached: true })
      running.add(child)
      child.on('close', () => running.delete(child))
      // A process that ends before it has read everything is no failure of ours; its exit code tells.
      child.stdin.on('error', () => {})
      return child
    },
    close: async () => void (await Promise.all([...running].map(end))),
  }
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  endGroup(child, 'SIGTERM')
  const timer = setTimeout(() => {
    endGroup(child, 'SIGKILL')
    // Output that nobody reads any more would keep it from being over.
    for (const stream of child.stdio) stream?.destroy()
  }, patience)
  await closed
  clearTimeout(timer)
}

/** Sends a signal to a child and to all that it started. */
export function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
