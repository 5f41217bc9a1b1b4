import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A TypeScript program, as a process of its own can run it. */
export interface ChildProgram {
  /** Starts it with these arguments, behind a command such as `unshare` when one is given. */
  start(args: readonly string[], before?: readonly string[]): ChildProcess
  /** Runs it to its end; what it printed is JSON. */
  run(args: readonly string[], before?: readonly string[]): Promise<unknown>
  close(): Promise<void>
}

/** Where a bundled library finds its own binary packages, however the tests were started. */
const binaries = fileURLToPath(new URL('../../../node_modules/.pnpm/node_modules', import.meta.url))

/** @param source where the program is: `new URL('child/write-forever.ts', import.meta.url)`. */
export async function createChildProgram(source: URL): Promise<ChildProgram> {
  const path = fileURLToPath(source)
  const name = basename(path, '.ts')
  const dir = await mkdtemp(join(tmpdir(), 'lg-child-'))
  const outfile = join(dir, `${name}.mjs`)
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@lg/source'],
    // A library inside may still ask for modules the old way.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  const start: ChildProgram['start'] = (args, before = []) => {
    const [command = process.execPath, ...rest] = [...before, process.execPath, outfile, ...args]
    const env = { ...process.env, NODE_PATH: binaries }
    return spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env })
  }
  return {
    start,
    run: (args, before) =>
      new Promise((resolve, reject) => {
        const child = start(args, before)
        let out = ''
        let complaint = ''
        child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
        child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
        child.on('error', reject)
        child.on('close', (code) => {
          if (code === 0) resolve(JSON.parse(out))
          else reject(new Error(`${name} ended with ${String(code)}: ${complaint}`))
        })
      }),
    close: () => rm(dir, { recursive: true, force: true }),
  }
}
