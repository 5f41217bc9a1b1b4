// @ts-check
// The process in which libgit2 runs, started by `engine.ts`. One repository, any number of calls at once. It holds no
// state but the open repository, so that its owner may end it at any moment and start another.
import { createRequire } from 'node:module'
import { isAncestor, merge, mergeBase, walk } from './history.mjs'
import { read } from './objects.mjs'
import { peel, refs, updateRef } from './refs.mjs'
import { fetch, push, remoteRefs } from './remote.mjs'

/** @typedef {import('./calls.ts').ToEngine} ToEngine */
/** @typedef {import('./calls.ts').FromEngine} FromEngine */

const calls = { read, peel, refs, updateRef, mergeBase, isAncestor, walk, merge, remoteRefs, fetch, push }

/**
 * @typedef {object} Store
 * @property {import('./nodegit-module.ts').NodeGitModule} nodegit
 * @property {import('./nodegit-module.ts').Repository} repository
 * @property {Awaited<ReturnType<import('./nodegit-module.ts').Repository['odb']>>} odb
 */

/**
 * What a call may do while it runs.
 *
 * @typedef {object} CallContext
 * @property {() => boolean} isCancelled
 * @property {(about: import('./calls.ts').Question) => Promise<import('./calls.ts').Answer>} ask
 * @property {(progress: import('@lg/git').FetchProgress) => void} tell
 */

/** @type {Store | undefined} */
let store
/** @type {Set<number>} */
const cancelled = new Set()
/** @type {Map<string, (answer: import('./calls.ts').Answer) => void>} */
const questions = new Map()
let asked = 0

/** @param {FromEngine} message */
const send = (message) => void process.send?.(message)

/** @param {Extract<ToEngine, { type: 'open' }>} message */
async function open({ module, dir }) {
  /** @type {import('./nodegit-module.ts').NodeGitModule} */
  let nodegit
  try {
    nodegit = createRequire(import.meta.url)(module)
  } catch (error) {
    send({ type: 'unavailable', reason: firstLine(error) })
    return
  }
  try {
    const repository = await nodegit.Repository.openBare(dir)
    store = { nodegit, repository, odb: await repository.odb() }
    send({ type: 'ready' })
  } catch (error) {
    send({ type: 'unopened', reason: firstLine(error) })
  }
}

/** @param {Extract<ToEngine, { type: 'call' }>} message */
async function answer({ id, name, request }) {
  /** @type {CallContext} */
  const context = {
    isCancelled: () => cancelled.has(id),
    ask: (about) =>
      new Promise((resolve) => {
        const question = asked++
        questions.set(`${id} ${question}`, resolve)
        send({ type: 'question', id, question, about })
      }),
    tell: (progress) => send({ type: 'progress', id, progress }),
  }
  try {
    if (!store) throw new Error('The repository is not open')
    const call = /** @type {(store: Store, request: any, context: CallContext) => Promise<unknown>} */ (
      calls[name]
    )
    send({ type: 'result', id, result: await call(store, request, context) })
  } catch (error) {
    const { message, errno, words, sent } = /** @type {Record<string, any>} */ (error)
    send({
      type: 'failure',
      id,
      failure: { message: String(message), code: errno ?? 0, words: words ?? '', sent: sent === true },
    })
  } finally {
    cancelled.delete(id)
  }
}

/** @param {unknown} error */
function firstLine(error) {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''
}

process.on('message', (/** @type {ToEngine} */ message) => {
  if (message.type === 'open') void open(message)
  else if (message.type === 'call') void answer(message)
  else if (message.type === 'cancel') cancelled.add(message.id)
  else {
    const key = `${message.id} ${message.question}`
    questions.get(key)?.(message.answer)
    questions.delete(key)
  }
})
// A thread that waits for a dead connection would keep an orderly exit waiting.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
send({ type: 'loaded' })
