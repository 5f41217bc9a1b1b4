import type { GcOptions, Oid } from '@lg/git'
import { createQueue } from '@lg/git/node'
import type { CallOptions } from '@lg/runtime'
import type { GitProcess } from './git-process.ts'
import type { Settings } from './options.ts'
import type { GitReader } from './object-reader.ts'
import type { KnownRefs } from './refs.ts'

/** Refs that hold what a branch left a while ago, for those who still read it. */
export const formerRefs = 'refs/lg/former/'

export interface GcParts {
  readonly git: GitProcess
  readonly refs: KnownRefs
  readonly reader: GitReader
  readonly settings: Settings
  /** Settings by which git knows what a partial store left out. */
  readonly config: readonly string[]
}

const day = 24 * 60 * 60 * 1000

/**
 * Packs the store anew. What nothing refers to goes into a pack of its own that knows the age of each object
 * (gitformat-pack, cruft packs), and is left out once that is more than the grace. Old packs go last, and a reader that
 * has one open keeps it, or finds the object in the new one.
 */
export function createGc(parts: GcParts): (options?: GcOptions) => Promise<void> {
  const inTurn = createQueue()
  return ({ grace = day, signal } = {}) => inTurn(signal, () => collect(parts, grace, { signal }))
}

async function collect(
  { git, refs, reader, settings, config }: GcParts,
  grace: number,
  call: CallOptions,
): Promise<void> {
  const until = settings.clock.now() - grace
  await keepFormer(git, refs, until, call)
  const run = (operation: string, args: readonly string[]): Promise<unknown> =>
    git.succeed({ ...call, operation, args, config: [...config, ...modest], background: true, timeout: day })
  await run('pack-refs', ['pack-refs', '--all'])
  const expiration = new Date(until).toISOString().replace(/\.\d+/, '')
  await run('repack', ['repack', '-d', '-l', '-q', '--cruft', `--cruft-expiration=${expiration}`])
  // A process that has an old pack open would keep it on disk.
  reader.renew()
}

/** One thread, little memory, and nothing that only serves those who clone. */
const modest = [
  'pack.threads=1',
  'pack.windowMemory=64m',
  'repack.writeBitmaps=false',
  'repack.updateServerInfo=false',
]

/** Age says nothing about commits that were on a branch until now, so those get a ref for as long as the grace. */
async function keepFormer(git: GitProcess, refs: KnownRefs, until: number, call: CallOptions): Promise<void> {
  const left = refs.left(until)
  const present = await refs.listRefs(formerRefs, call)
  const wanted = await unreferenced(git, [...left], call)
  for (const [ref, oid] of present) {
    if (!left.has(oid)) await refs.updateRef({ ref, target: null }, call)
  }
  for (const oid of wanted) await refs.updateRef({ ref: `${formerRefs}${oid}`, target: oid }, call)
}

async function unreferenced(
  git: GitProcess,
  oids: readonly Oid[],
  call: CallOptions,
): Promise<readonly Oid[]> {
  if (oids.length === 0) return []
  const { stdout } = await git.succeed({
    ...call,
    operation: 'rev-list',
    args: ['rev-list', '--ignore-missing', '--stdin', '--not', '--all'],
    input: `${oids.join('\n')}\n`,
  })
  const found = new Set(stdout.split('\n'))
  return oids.filter((oid) => found.has(oid))
}
