import { gitErrors } from '@lg/git'
import type { GitRefs, Oid, RefUpdate } from '@lg/git'
import { checkRefUpdate, notFound, resolveRevision, sha1 } from '@lg/git/node'
import type { RevisionLookup } from '@lg/git/node'
import type { Engine } from './engine.ts'
import { localFailure } from './failures.ts'
import type { Settings } from './options.ts'

/** How long a ref's lock is waited for, as git itself is told to, and how often it is looked at; milliseconds. */
const lockTimeout = 10_000
const lockInterval = 50

/** @param branches where branches are: `refs/remotes/origin/` with a remote, else `refs/heads/`. */
export function createRefs(engine: Engine, branches: string, { clock, timeouts }: Settings): GitRefs {
  const timeout = timeouts.local

  const commitsOf: RevisionLookup['commitsOf'] = async (names, { signal }) => {
    const commits = await engine
      .call('peel', names, { timeout, signal, repeatable: true })
      .catch(localFailure('resolve'))
    return commits.map((commit) => commit ?? undefined)
  }
  const commitOf: RevisionLookup['commitOf'] = async (name, options) =>
    name.length > sha1.oidLength * 2 ? undefined : (await commitsOf([name], options))[0]

  const listRefs: GitRefs['listRefs'] = async (prefix, { signal } = {}) => {
    const refs = await engine
      .call('refs', null, { timeout, signal, repeatable: true })
      .catch(localFailure('list refs'))
    return new Map(refs.filter(([ref]) => ref.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  return {
    listRefs,
    resolve: (revision, options) => resolveRevision(revision, { branches, commitsOf, commitOf }, options),
    async updateRef(update, { signal } = {}) {
      checkRefUpdate(update)
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
