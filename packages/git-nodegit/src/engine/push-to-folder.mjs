// @ts-check
import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { updateRef } from './refs.mjs'

/** @typedef {import('./main.mjs').Store} Store */

/** What git runs on the receiving side; libgit2 would go past it without a word. */
const hooks = [
  'pre-receive',
  'update',
  'proc-receive',
  'post-receive',
  'post-update',
  'reference-transaction',
]

/**
 * Pushes to a repository on this machine. libgit2 alone would overwrite what somebody else puts there meanwhile: so it
 * only brings the objects over, and the refs are set under their locks, one after the other.
 *
 * @param {Store} store
 * @param {import('./nodegit-module.ts').Remote} remote
 * @param {import('./calls.ts').PushRequest & { refs: ReadonlyMap<string, string> }} request
 * @returns {Promise<import('./calls.ts').PushResult>}
 */
export async function pushToFolder({ nodegit }, remote, { url, updates, refs, unique }) {
  const repository = await nodegit.Repository.openBare(url)
  const feature = await obstacle(repository, updates)
  if (feature !== undefined) return { type: 'unsupported', feature }
  const targets = updates.flatMap(({ target }) => (target === null ? [] : [target]))
  const carriers = targets.map((target, index) => ({ ref: `${unique}/${index}`, target }))
  try {
    if (carriers.length > 0)
      await remote.upload(
        carriers.map(({ ref, target }) => `${target}:${ref}`),
        {},
      )
    for (const { ref, target } of updates) {
      const update = { ref, target, expected: refs.get(ref) ?? null }
      const result = await updateLocked({ nodegit, repository }, update)
      if (typeof result === 'object') return { type: 'changed', ref, actual: result.actual }
      if (result !== 'done') return { type: 'refused', ref, reason: reasons[result], words: '' }
    }
    return { type: 'done' }
  } finally {
    for (const { ref } of carriers) await updateLocked({ nodegit, repository }, { ref, target: null })
  }
}

/** How often a lock that somebody else holds is looked at again, and after how many milliseconds. */
const lockAttempts = 200
const lockPause = 50

/**
 * Sets a ref, and waits for somebody else who sets it now: who was first is then told from its value.
 *
 * @param {Parameters<typeof updateRef>[0]} store
 * @param {Parameters<typeof updateRef>[1]} update
 */
async function updateLocked(store, update) {
  for (let attempt = 1; ; attempt++) {
    const result = await updateRef(store, update)
    if (result !== 'locked' || attempt === lockAttempts) return result
    await setTimeout(lockPause)
  }
}

const reasons = {
  locked: 'somebody else holds its lock',
  missingTarget: 'the object did not arrive',
  collides: 'another ref stands where it needs a folder',
}

/**
 * @param {import('./nodegit-module.ts').Repository} repository
 * @param {readonly import('./calls.ts').RefRequest[]} updates
 */
async function obstacle(repository, updates) {
  if (!repository.isBare()) return 'pushing to a folder that is no bare repository'
  const config = await repository.config()
  const setting = (/** @type {string} */ name) => config.getStringBuf(name).catch(() => '')
  const folder = (await setting('core.hooksPath')) || 'hooks'
  const hook = hooks.find((name) => isExecutable(resolve(repository.path(), folder, name)))
  if (hook !== undefined) return `pushing to a folder whose repository has a ${hook} hook`
  const deletes = updates.some(({ target }) => target === null)
  if (deletes && /^(?:true|yes|on|1)$/i.test(await setting('receive.denyDeletes')))
    return 'deleting in a folder whose repository sets receive.denyDeletes'
  return undefined
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
