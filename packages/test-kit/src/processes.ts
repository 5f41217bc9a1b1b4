import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { testKitErrors } from './errors.ts'

/** A process as another user of the machine could see it. */
export interface ObservedProcess {
  readonly pid: number
  readonly parent: number
  readonly args: readonly string[]
  /** Undefined when the system does not show it. */
  readonly environment: Readonly<Record<string, string>> | undefined
}

/** What ran while a body did. */
export interface WatchedProcesses<Result> {
  readonly result: Result
  readonly processes: readonly ObservedProcess[]
  /** All argument lists and environments, for searching. */
  readonly text: string
}

/**
 * The processes that descend from one now, this one by default; itself and those that ended left out. Linux
 * only, elsewhere it throws `UNSUPPORTED`.
 */
export function listDescendants(pid: number = process.pid): ObservedProcess[] {
  if (!existsSync(`/proc/self/task/${process.pid}/children`)) {
    const message = `No processes to list on ${process.platform}: it takes Linux and /proc/<pid>/task/<tid>/children`
    throw testKitErrors.create('UNSUPPORTED', message, { platform: process.platform })
  }
  const found: ObservedProcess[] = []
  const parents = [pid]
  for (const parent of parents) {
    for (const child of childrenOf(parent)) {
      parents.push(child)
      const args = fieldsOf(`/proc/${child}/cmdline`)
      // A process that ended, and waits to be fetched, has no arguments any more.
      if (args === undefined || args.length === 0) continue
      found.push({ pid: child, parent, args, environment: environmentOf(child) })
    }
  }
  return found
}

/**
 * Writes down how every process was called that starts while `body` runs, so that a test can prove that no
 * secret showed in an argument list or an environment. Linux only. Rejects with what the body rejects with.
 *
 * What this process starts (not with the `...Sync` calls) is seen for certain, however short it lives. What
 * that starts in turn is looked for in each turn of the event loop: it is likely seen when it lives for a few
 * milliseconds. The loop does not rest while it watches, so keep the body short.
 */
export async function watchProcesses<Result>(body: () => Promise<Result>): Promise<WatchedProcesses<Result>> {
  const seen = new Map<string, ObservedProcess>()
  const see = (observed: ObservedProcess): unknown => seen.set(show(observed), observed)
  const over = new AbortController()
  const stop = (): void => over.abort()
  const stopSeeing = onSpawn(see)
  try {
    const work = body()
    void work.then(stop, stop)
    while (!over.signal.aborted) {
      for (const observed of listDescendants()) see(observed)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { result: await work, processes: [...seen.values()], text: [...seen.keys()].join('\n') }
  } finally {
    stopSeeing()
  }
}

function show(observed: ObservedProcess): string {
  return inspect(observed, {
    depth: Infinity,
    maxArrayLength: Infinity,
    maxStringLength: Infinity,
    breakLength: Infinity,
  })
}

/** What Node hands to the system when it starts a process. */
interface SpawnOptions {
  readonly args?: readonly string[]
  readonly envPairs?: readonly string[]
}

interface StartingProcess {
  readonly pid?: number
  spawn(options: SpawnOptions): unknown
}

/** Calls `see` for each process that this one starts. */
function onSpawn(see: (observed: ObservedProcess) => void): () => void {
  // Node announces a process just before it starts it, so that its start can be followed, and no other's.
  const announced = (message: unknown): void => {
    const child = (message as { readonly process: StartingProcess }).process
    const start = child.spawn
    child.spawn = (options) => {
      const outcome = start.call(child, options)
      const { args = [], envPairs = [] } = options
      if (child.pid !== undefined) {
        see({ pid: child.pid, parent: process.pid, args, environment: parseEnvironment(envPairs) })
      }
      return outcome
    }
  }
  subscribe('child_process', announced)
  return () => unsubscribe('child_process', announced)
}

function childrenOf(pid: number): number[] {
  const tasks = whileThere(() => readdirSync(`/proc/${pid}/task`)) ?? []
  return tasks.flatMap((task) => {
    const list = whileThere(() => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')) ?? ''
    return list.split(' ').filter(Boolean).map(Number)
  })
}

function environmentOf(pid: number): Readonly<Record<string, string>> | undefined {
  const fields = fieldsOf(`/proc/${pid}/environ`)
  return fields && parseEnvironment(fields)
}

/** Reads `NAME=value` entries. */
export function parseEnvironment(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.filter(Boolean).map((entry) => {
      const at = entry.indexOf('=')
      return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

function fieldsOf(file: string): string[] | undefined {
  const text = whileThere(() => readFileSync(file, 'utf8'))
  return text === undefined || text === '' ? undefined : text.replace(/\0$/, '').split('\0')
}

/** What is read of a process that may end at any time, and may belong to somebody else. */
function whileThere<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}
