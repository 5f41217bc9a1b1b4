import { checkRefName, gitErrors, isOid } from '@lg/git'
import type { GitRefs, Oid, RefUpdate } from '@lg/git'
import { notFound, refCandidates } from '@lg/git/node'
import type { CallOptions } from '@lg/runtime'
import type { Engine } from './engine.ts'
import { localFailure } from './failures.ts'
import type { Settings } from './options.ts'

/** How long a ref's lock is waited for, as git itself is told to, and how often it is looked at; milliseconds. */
const lockTimeout = 10_000
const lockInterval = 50

/** @param branches where branches are: `refs/remotes/origin/` with a remote, else `refs/heads/`. */
export function createRefs(engine: Engine, branches: string, { clock, timeouts }: Settings): GitRefs {
  const timeout = timeouts.local

  const peel = (names: readonly string[], { signal }: CallOptions) =>
    engine.call('peel', names, { timeout, signal, repeatable: true }).catch(localFailure('resolve'))

  const listRefs: GitRefs['listRefs'] = async (prefix, { signal } = {}) => {
    const refs = await engine
      .call('refs', null, { timeout, signal, repeatable: true })
      .catch(localFailure('list refs'))
    return new Map(refs.filter(([ref]) => ref.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  return {
    listRefs,
    async resolve(revision, options = {}) {
      const candidates = refCandidates(revision, branches)
      const found = new Set((await peel(candidates, options)).filter((commit) => commit !== null))
      // A ref wins over a short object name that happens to be spelt like it.
      if (found.size === 0 && /^[0-9a-f]{4,40}$/.test(revision)) {
        for (const commit of await peel([revision], options)) if (commit !== null) found.add(commit)
      }
      const [oid] = found
      if (oid === undefined) {
        throw gitErrors.create('REF_NOT_FOUND', `No branch, tag or commit ${revision} here`, {
          ref: revision,
        })
      }
      if (found.size > 1 || oid === 'ambiguous') {
        throw gitErrors.create('REF_AMBIGUOUS', `${revision} means several commits; use a full name`, {
          ref: revision,
        })
      }
      return oid
    },
    async updateRef(update, { signal } = {}) {
      checkUpdate(update)
      const deadline = clock.now() + lockTimeout
      for (;;) {
        const result = await engine
          .call('updateRef', update, { timeout, signal })
          .catch(localFailure('update a ref'))
        if (result === 'done') return
        if (result !== 'locked' || clock.now() > deadline) throw refused(update, result)
        await clock.sleep(lockInterval, { signal })
      }
    },
  }
}

/** @throws {LgError} `INVALID_REF`, `OBJECT_NOT_FOUND`. */
export function checkUpdate({ ref, target, expected }: RefUpdate): void {
  checkRefName(ref)
  for (const oid of [target, expected])
    if (typeof oid === 'string' && !isOid(oid)) throw notFound(oid, 'object')
}

function refused(
  { ref, target, expected }: RefUpdate,
  result: 'locked' | 'missingTarget' | 'collides' | { readonly actual: Oid | null },
): Error {
  if (result === 'missingTarget') return notFound(target ?? '', 'object')
  if (result === 'collides') {
    const reason = 'another ref stands where it needs a folder'
    return gitErrors.create('INVALID_REF', `${ref} cannot be created: ${reason}`, { ref, reason })
  }
  if (result === 'locked') {
    const output = `another program has held the lock of ${ref} for ${lockTimeout / 1000} s`
    return gitErrors.create('GIT_FAILED', `The ref cannot be changed: ${output}`, {
      operation: 'update a ref',
      output,
    })
  }
  const { actual } = result
  return gitErrors.create(
    'REF_CHANGED',
    `${ref} is at ${actual ?? 'nothing'}, not at ${expected ?? 'nothing'}`,
    { ref, expected: expected ?? null, actual },
  )
}
