import { gitErrors } from '@lg/git'
import type { GitRefs, Oid, RefUpdate } from '@lg/git'
import { checkRefUpdate, notFound, resolveRevision } from '@lg/git/node'
import type { Commitish, ObjectFormat, ObjectReader, RevisionLookup } from '@lg/git/node'
import type { CallOptions, Clock } from '@lg/runtime'
import { gitFailed } from './git-process.ts'
import type { GitProcess } from './git-process.ts'

export interface RefsOptions {
  readonly git: GitProcess
  readonly reader: ObjectReader
  readonly format: ObjectFormat
  /** Where branches are: `refs/remotes/origin/` with a remote, else `refs/heads/`. */
  readonly branches: string
  /** Others may change refs too, so that nothing is known for long. */
  readonly shared: boolean
  readonly clock: Clock
}

/** The refs of the store, and what a fetch may spare itself to list. */
export interface KnownRefs extends GitRefs {
  /** How often refs were changed by `updateRef`. */
  updates(): number
  /** All refs as they are, when none was changed since `remember`. */
  known(): ReadonlyMap<string, Oid> | undefined
  /** @param since the count of updates before `refs` were looked at. */
  remember(refs: ReadonlyMap<string, Oid>, since: number): void
  /** Tells that a ref no longer leads to this. */
  leave(oid: Oid): void
  /** What refs left at that moment or later; the rest is forgotten. */
  left(since: number): ReadonlySet<Oid>
}

export function createRefs({ git, reader, format, branches, shared, clock }: RefsOptions): KnownRefs {
  const leavings = new Map<Oid, number>()
  const leave = (oid: Oid): void => void leavings.set(oid, clock.now())
  let known: ReadonlyMap<string, Oid> | undefined
  let updates = 0
  const changed = (): void => {
    known = undefined
    updates++
  }
  const peel = async (name: string, signal: AbortSignal | undefined): Promise<Commitish> => {
    const reply = await reader.info(`${name}^{commit}`, signal)
    if (reply.type === 'object') return reply.oid
    return reply.type === 'ambiguous' ? 'ambiguous' : undefined
  }

  const readRef = async (ref: string, options: CallOptions): Promise<Oid | null> =>
    (await listRefs(ref, options)).get(ref) ?? null

  const listRefs = async (
    prefix: string,
    { signal }: CallOptions = {},
  ): Promise<ReadonlyMap<string, Oid>> => {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    const { stdout } = await git.succeed({
      operation: 'for-each-ref',
      args: [
        'for-each-ref',
        '--format=%(objectname) %(refname)',
        '--end-of-options',
        ...(folder ? [folder] : []),
      ],
      signal,
    })
    const refs = stdout.split('\n').flatMap((line): (readonly [string, Oid])[] => {
      const space = line.indexOf(' ')
      const ref = line.slice(space + 1)
      return space > 0 && ref.startsWith(prefix) ? [[ref, line.slice(0, space)]] : []
    })
    return new Map(refs)
  }

  /** Whether several commits begin so; git then calls the commit of that name missing. */
  const isShared = async (prefix: string, signal: AbortSignal | undefined): Promise<boolean> => {
    const args = ['rev-parse', `--disambiguate=${prefix}`]
    const { stdout } = await git.succeed({ operation: 'rev-parse', args, signal })
    const replies = stdout.split('\n').flatMap((oid) => (oid === '' ? [] : [peel(oid, signal)]))
    return new Set((await Promise.all(replies)).filter((oid) => oid !== undefined)).size > 1
  }

  /** True when one of the refs is there, and what it leads to is now. */
  const mendTargets = async (names: readonly string[], signal: AbortSignal | undefined): Promise<boolean> => {
    if (names.length === 0) return false
    const targets = await Promise.all(names.map((name) => readRef(name, { signal })))
    const replies = targets.flatMap((target) => (target === null ? [] : [reader.contents(target, signal)]))
    return (await Promise.all(replies)).some(({ type }) => type === 'object')
  }

  const commitsOf: RevisionLookup['commitsOf'] = async (names, { signal }) => {
    const look = (): Promise<readonly Commitish[]> => Promise.all(names.map((name) => peel(name, signal)))
    const commits = await look()
    // A ref whose commit is damaged looks like none.
    const isMended = commits.every((commit) => commit === undefined) && (await mendTargets(names, signal))
    return isMended ? await look() : commits
  }

  const commitOf: RevisionLookup['commitOf'] = async (name, { signal }) =>
    (await peel(name, signal)) ?? ((await isShared(name, signal)) ? 'ambiguous' : undefined)

  return {
    listRefs,
    updates: () => updates,
    known: () => known,
    remember(all, since) {
      known = shared || since !== updates ? undefined : all
    },
    leave,
    left(since) {
      for (const [oid, time] of leavings) if (time < since) leavings.delete(oid)
      return new Set(leavings.keys())
    },
    resolve: (revision, options) => resolveRevision(revision, { branches, commitsOf, commitOf }, options),
    async updateRef(update, { signal } = {}) {
      checkRefUpdate(update)
      changed()
      if (typeof update.expected === 'string') leave(update.expected)
      const output = await git
        .run({
          operation: 'update-ref',
          args: ['update-ref', '--no-deref', '-z', '--stdin'],
          input: updateLine(update, format),
          signal,
        })
        .finally(changed)
      if (output.status !== 0) throw await updateFailed(update, output, () => readRef(update.ref, { signal }))
    },
  }
}

/** One command of `update-ref -z`, where an empty old value means "whatever it is". */
function updateLine({ ref, target, expected }: RefUpdate, { zero }: ObjectFormat): string {
  const old = expected === null ? zero : (expected ?? '')
  if (target !== null) return `update ${ref}\0${target}\0${old}\0`
  return expected === null ? `verify ${ref}\0${old}\0` : `delete ${ref}\0${old}\0`
}

async function updateFailed(
  { ref, target, expected }: RefUpdate,
  output: Parameters<typeof gitFailed>[1],
  read: () => Promise<Oid | null>,
): Promise<Error> {
  const { stderr } = output
  if (/nonexistent object|non-commit object|not a valid/.test(stderr) && target !== null)
    return notFound(target, 'commit')
  if (/exists; cannot create|cannot process .* at the same time/.test(stderr)) {
    const reason = 'another ref stands where it needs a folder'
    return gitErrors.create('INVALID_REF', `${ref} cannot be created: ${reason}`, { ref, reason })
  }
  if (expected !== undefined) {
    const actual = await read()
    if (actual !== expected) {
      return gitErrors.create(
        'REF_CHANGED',
        `${ref} is at ${actual ?? 'nothing'}, not at ${expected ?? 'nothing'}`,
        {
          ref,
          expected,
          actual,
        },
      )
    }
  }
  return gitFailed('update-ref', output)
}
