import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The built app as its users run it: a process of its own, with output and HTTP. */
export interface AppProcess {
  readonly url: string
  readonly pid: number
  output(): string
  /** Resolves with the first line of the output, also an earlier one, that matches. */
  line(pattern: RegExp): Promise<string>
  get(path: string): Promise<Answer>
  send(method: string, path: string, headers?: Record<string, string>): Promise<Answer>
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>
}

interface Answer {
  readonly status: number
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it as they like
  readonly json: any
}

export interface Exit {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts one program, each time as a process of its own. */
export interface AppRunner {
  /** Runs it to its end: for what fails at the start. */
  run(args: readonly string[], env?: Record<string, string>): Promise<Exit>
  /** Starts it on a free port and waits until it answers. */
  start(args: readonly string[], env?: Record<string, string>): Promise<AppProcess>
}

/** @param program the built main file. */
export function createAppRunner(program: URL): AppRunner {
  return {
    run: (args, env) => runApp(launch(program, args, env)),
    start: (args, env) => startApp(launch(program, ['--port', '0', ...args], env)),
  }
}

function launch(program: URL, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [fileURLToPath(program), ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, exited }
}

type Launched = ReturnType<typeof launch>

async function runApp({ child, exited }: Launched): Promise<Exit> {
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  return { code: await exited, stdout, stderr }
}

async function startApp({ child, exited }: Launched): Promise<AppProcess> {
  let output = ''
  let ended = false
  const waiting = new Set<() => void>()
  const changed = (): void => waiting.forEach((look) => look())
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      changed()
    })
  }
  void exited.then(() => {
    ended = true
    changed()
  })

  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = output.split('\n').find((text) => pattern.test(text))
        if (found === undefined && !ended) return
        waiting.delete(look)
        if (found !== undefined) resolve(found)
        else reject(new Error(`The app ended without a line like ${String(pattern)}:\n${output}`))
      }
      waiting.add(look)
      look()
    })

  const url = (await line(/^Listening on /)).replace('Listening on ', '')
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(url + path, { method, headers })
    const text = await response.text()
    return { status: response.status, text, json: parse(text) }
  }
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    line,
    send,
    get: (path) => send('GET', path),
    stop() {
      if (!ended) child.kill('SIGINT')
      return exited
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
