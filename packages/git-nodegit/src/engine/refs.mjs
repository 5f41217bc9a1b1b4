// @ts-check
import { nullIfMissing } from './objects.mjs'

/** @typedef {import('./main.mjs').Store} Store */

/**
 * @param {Store} store
 * @param {readonly string[]} names
 * @returns {Promise<import('./calls.ts').EngineCalls['peel']['result']>}
 */
export function peel(store, names) {
  return Promise.all(names.map((name) => (isDigits(name) ? peelDigits(store, name) : peelRef(store, name))))
}

/** @param {string} name */
function isDigits(name) {
  return /^[0-9a-f]{4,40}$/.test(name)
}

/**
 * @param {Store} store
 * @param {string} name
 */
async function peelRef({ nodegit, repository }, name) {
  const reference = await nodegit.Reference.lookup(repository, name).catch(nullIfMissing(nodegit))
  // What cannot be peeled is no commit: a tag of a file, HEAD without a branch.
  const commit = await reference?.peel(nodegit.Object.TYPE.COMMIT).catch(() => null)
  return commit?.id().tostrS() ?? null
}

/**
 * @param {Store} store
 * @param {string} digits
 * @returns {Promise<string | null>}
 */
async function peelDigits(store, digits) {
  const { nodegit, repository } = store
  const { ENOTFOUND, EAMBIGUOUS } = nodegit.Error.CODE
  const prefix = nodegit.Oid.fromString(digits.padEnd(40, '0'))
  try {
    return (await nodegit.Commit.lookupPrefix(repository, prefix, digits.length)).id().tostrS()
  } catch (error) {
    const { errno } = /** @type {{ errno?: number }} */ (error)
    if (errno === EAMBIGUOUS) return 'ambiguous'
    if (errno !== ENOTFOUND) throw error
  }
  const tag = await nodegit.Tag.lookupPrefix(repository, prefix, digits.length).catch(() => null)
  return tag === null ? null : peelDigits(store, tag.targetId().tostrS())
}

/**
 * @param {Store} store
 * @returns {Promise<import('./calls.ts').EngineCalls['refs']['result']>}
 */
export async function refs({ repository }) {
  const references = await repository.getReferences()
  return references.map((reference) => [reference.name(), reference.target()?.tostrS() ?? ''])
}

const zero = '0'.repeat(40)

/**
 * Sets or removes a ref under its lock, which other programs respect too.
 *
 * @param {Pick<Store, 'nodegit' | 'repository'>} store
 * @param {import('./calls.ts').RefRequest} request
 * @returns {Promise<import('./calls.ts').RefResult>}
 */
export async function updateRef(store, { ref, target, expected }) {
  const { nodegit, repository } = store
  try {
    if (target === null) return await removeRef(store, ref, expected)
    const oid = nodegit.Oid.fromString(target)
    if (expected === undefined) await nodegit.Reference.create(repository, ref, oid, 1, '')
    else {
      const current = nodegit.Oid.fromString(expected ?? zero)
      await nodegit.Reference.createMatching(repository, ref, oid, 1, current, '')
    }
    return 'done'
  } catch (error) {
    const { errno, message } = /** @type {Error & { errno?: number }} */ (error)
    const { ELOCKED, EMODIFIED, ENOTFOUND } = nodegit.Error.CODE
    if (errno === ELOCKED) return 'locked'
    if (errno === EMODIFIED || errno === ENOTFOUND) return { actual: await directTarget(store, ref) }
    if (/target OID .* doesn't exist/.test(message)) return 'missingTarget'
    if (/not directory|collides|Not a directory|Is a directory|already exists/i.test(message))
      return 'collides'
    throw error
  }
}

/**
 * @param {Pick<Store, 'nodegit' | 'repository'>} store
 * @param {string} ref
 * @param {string | null | undefined} expected
 * @returns {Promise<import('./calls.ts').RefResult>}
 */
async function removeRef({ nodegit, repository }, ref, expected) {
  const reference = await nodegit.Reference.lookup(repository, ref).catch(nullIfMissing(nodegit))
  const actual = reference?.target()?.tostrS() ?? null
  if (expected !== undefined && actual !== expected) return { actual }
  // libgit2 compares once more with what was looked up, under the lock.
  reference?.delete()
  return 'done'
}

/**
 * @param {Pick<Store, 'nodegit' | 'repository'>} store
 * @param {string} ref
 */
async function directTarget({ nodegit, repository }, ref) {
  const reference = await nodegit.Reference.lookup(repository, ref).catch(nullIfMissing(nodegit))
  return reference?.target()?.tostrS() ?? null
}
