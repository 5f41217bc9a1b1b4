import { parseRefspec } from '@lg/git'
import type { FetchOptions, FetchResult, Oid, Refspec } from '@lg/git'
import { changedRefs, createQueue, isFetched } from '@lg/git/node'
import type { ObjectReader } from '@lg/git/node'
import { parseProgress } from './fetch-progress.ts'
import type { GitOutput } from './git-process.ts'
import type { KnownRefs } from './refs.ts'
import type { RemoteProcess } from './remote-process.ts'

/** What git takes for "all of history", in a store that is complete already, too. */
const unlimited = 2_147_483_647
const everyBranch = '+refs/heads/*:refs/remotes/origin/*'

export function createFetch(
  process: RemoteProcess,
  reader: ObjectReader,
  refs: KnownRefs,
): (options?: FetchOptions) => Promise<FetchResult> {
  // One at a time: two would fight for the same refs.
  const inTurn = createQueue()
  /** A fetch that failed may have moved refs, which the next one then tells of. */
  let isUnsure = false

  const fetch = async (options: FetchOptions): Promise<FetchResult> => {
    const { signal, depth, refspecs = [everyBranch] } = options
    if (depth !== undefined && !(depth === Infinity || (Number.isInteger(depth) && depth > 0))) {
      throw new RangeError(`A depth is a whole number of commits, or Infinity, not ${depth}`)
    }
    const specs = refspecs.map(parseRefspec)
    const start = refs.updates()
    const before = refs.known() ?? (await refs.listRefs('refs/', { signal }))
    refs.remember(before, start)
    const wasUnsure = isUnsure
    isUnsure = true
    const output = await run(process, options, refspecs)
    if (!wasUnsure && !reportsUpdate(output)) {
      isUnsure = false
      return { changed: [] }
    }
    const since = refs.updates()
    const isAlone = !wasUnsure && since === start
    const named = isAlone ? await namedRefs(reader, output, specs, signal) : undefined
    const after = named ? new Map([...before, ...named]) : await refs.listRefs('refs/', { signal })
    refs.remember(after, since)
    isUnsure = false
    const changed = changedRefs(before, after)
    for (const { before: oid } of changed) if (oid !== null) refs.leave(oid)
    return { changed: changed.filter(isFetched(specs)) }
  }
  return (options = {}) => inTurn(options.signal, () => fetch(options))
}

function run(process: RemoteProcess, options: FetchOptions, refspecs: readonly string[]): Promise<GitOutput> {
  const { prune = options.refspecs === undefined, depth, signal, onProgress } = options
  const args = [
    'fetch',
    '--force',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--no-recurse-submodules',
    '--no-show-forced-updates',
    '--update-head-ok',
    prune ? '--prune' : '--no-prune',
    ...(onProgress ? ['--progress'] : []),
    ...(depth === undefined ? [] : [`--depth=${depth === Infinity ? unlimited : depth}`]),
    '--end-of-options',
    process.target,
    ...refspecs,
  ]
  return process.run({ operation: 'fetch', args, signal, onStderr: onProgress && parseProgress(onProgress) })
}

/** git tells of each ref that it changed, and says nothing else in this form: ` * [new branch]  main -> origin/main`. */
const reportLine = /^ [-+*t!= ] .* -> .*$/gm

const reportsUpdate = ({ stderr }: GitOutput): boolean => stderr.search(reportLine) >= 0

/**
 * Where the refs are now that were asked for by name, when git tells of no other: the process that reads objects knows
 * that too, and is there already. `undefined` when only a list of all refs can tell.
 */
async function namedRefs(
  reader: ObjectReader,
  { stderr }: GitOutput,
  specs: readonly Refspec[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Oid> | undefined> {
  const reported = stderr.match(reportLine) ?? []
  const isAll = reported.length <= specs.length && !reported.some((line) => /^ (?:t|\*) \[.*tag/.test(line))
  if (!isAll || specs.some(({ destination }) => destination.includes('*'))) return undefined
  const refs = new Map<string, Oid>()
  for (const { destination } of specs) {
    const reply = await reader.info(destination, signal)
    if (reply.type !== 'object') return undefined
    refs.set(destination, reply.oid)
  }
  return refs
}
