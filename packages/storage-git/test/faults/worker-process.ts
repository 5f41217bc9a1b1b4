import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import type { WorkerOptions } from './worker-options.ts'

/** A worker in a process of its own, seen from outside. */
export interface WorkerProcess {
  readonly lines: readonly string[]
  send(line: string): void
  /** Resolves with the first line that begins so; with `undefined` when the process ends before. */
  waitFor(prefix: string): Promise<string | undefined>
  kill(): void
  /** Resolves when it has ended, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>
  readonly errors: () => string
}

/** Makes one file of the worker, which plain Node can run. */
export async function bundleWorker(file: string): Promise<void> {
  await build({
    entryPoints: [new URL('worker.ts', import.meta.url).pathname],
    outfile: file,
    bundle: true,
    conditions: ['@lg/source', 'node', 'import'],
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
}

export interface StartOptions extends WorkerOptions {
  /** Bytes of a file system of its own, which `dir` is then on. */
  readonly disk?: number | undefined
}

export function startWorker(bundle: string, { disk, ...options }: StartOptions): WorkerProcess {
  const node = [process.execPath, bundle]
  // A mount that only this process sees, and that goes with it.
  const mount = `mkdir -p "$1" && mount -t tmpfs -o size=${disk} tmpfs "$1" && shift && exec "$@"`
  const [command = '', ...args] =
    disk === undefined ? node : ['unshare', '-Urm', 'sh', '-c', mount, 'sh', options.dir, ...node]
  const dir = disk === undefined ? options.dir : `${options.dir}/clone`
  const child = spawn(command, args, {
    stdio: 'pipe',
    env: { ...process.env, LG_FAULTS_WORKER: JSON.stringify({ ...options, dir }) },
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let over = false
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-4000)))
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_, signal) => {
      over = true
      for (const look of waiting) look()
      resolve(signal)
    })
  })
  return {
    lines,
    ended,
    errors: () => stderr,
    send: (line) => void child.stdin.write(`${line}\n`),
    kill: () => void child.kill('SIGKILL'),
    waitFor: (prefix) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.find((line) => line.startsWith(prefix))
          if (found === undefined && !over) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}
