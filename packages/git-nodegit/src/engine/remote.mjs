// @ts-check
import { isAncestor } from './history.mjs'
import { pushToFolder } from './push-to-folder.mjs'
import { refuseRedirect } from './redirect.mjs'

/** @typedef {import('./main.mjs').Store} Store */
/** @typedef {import('./main.mjs').CallContext} CallContext */

const toFetch = 0
const toPush = 1
/** Follows the environment's proxy settings. */
const automaticProxy = { type: 1 }
/** Milliseconds between two looks at how far it is. */
const progressInterval = 100

/**
 * @param {Store} store
 * @param {import('./calls.ts').RemoteRequest} request
 * @param {CallContext} context
 * @returns {Promise<import('./calls.ts').RemoteRefsResult>}
 */
export async function remoteRefs(store, { url, local }, context) {
  const remote = await connect(store, url, toFetch, context)
  try {
    const heads = await remote.referenceList()
    const named = heads.find((head) => head.name() === 'HEAD')?.symrefTarget()
    const head = named ?? (local ? await unbornHead(store, url) : null)
    return { head: head?.replace(/^refs\/heads\//, '') ?? null, refs: Array.from(refsOf(heads)) }
  } finally {
    await remote.disconnect()
  }
}

/**
 * libgit2 says nothing of a HEAD that names a branch without commits, but in a folder one can look.
 *
 * @param {Store} store
 * @param {string} folder
 */
async function unbornHead({ nodegit }, folder) {
  const repository = await nodegit.Repository.openBare(folder)
  const head = await nodegit.Reference.lookup(repository, 'HEAD')
  return head.symbolicTarget() ?? null
}

/**
 * @param {Store} store
 * @param {import('./calls.ts').FetchRequest} request
 * @param {CallContext} context
 * @returns {Promise<import('./calls.ts').FetchResult>}
 */
export async function fetch(store, { url, refspecs, required, prune, progress }, context) {
  const { AUTOTAG_OPTION } = store.nodegit.Remote
  const remote = await connect(store, url, toFetch, context)
  try {
    const names = new Set((await remote.referenceList()).map((head) => head.name()))
    const missing = required.find((name) => !names.has(name))
    if (missing !== undefined) return { missing }
    const tell = progress ? context.tell : () => {}
    const callbacks = {
      ...callbacksOf(store, context),
      transferProgress: {
        callback(/** @type {import('./nodegit-module.ts').Progress} */ stats) {
          tell(progressOf(stats))
          return context.isCancelled() ? -1 : 0
        },
        throttle: progressInterval,
      },
    }
    const downloadTags = AUTOTAG_OPTION.DOWNLOAD_TAGS_AUTO
    await remote.download(refspecs, { callbacks, downloadTags, proxyOpts: automaticProxy })
    tell(progressOf(remote.stats()))
    await remote.updateTips({}, 0, downloadTags, '')
    if (prune) await remote.prune({})
    return 'done'
  } finally {
    await remote.disconnect()
  }
}

/**
 * @param {import('./nodegit-module.ts').Progress} stats
 * @returns {import('@lg/git').FetchProgress}
 */
function progressOf(stats) {
  const [done, total, bytes] = [stats.receivedObjects(), stats.totalObjects(), stats.receivedBytes()]
  return { phase: 'Receiving objects', done, total, bytes }
}

/**
 * Compares with what the remote advertises, and pushes over the same connection: the server takes a ref only if it
 * still has the value that it advertised.
 *
 * @param {Store} store
 * @param {import('./calls.ts').PushRequest} request
 * @param {CallContext} context
 * @returns {Promise<import('./calls.ts').PushResult>}
 */
export async function push(store, request, context) {
  const { url, local, updates } = request
  const remote = await connect(store, url, toPush, context)
  let words = ''
  let sent = false
  try {
    const refs = refsOf(await remote.referenceList())
    const planned = await planPush(store, updates, refs)
    if ('type' in planned) return planned
    if (planned.todo.length === 0) return { type: 'done' }
    if (local) return await pushToFolder(store, remote, { ...request, updates: planned.todo, refs })
    /** @type {{ ref: string, reason: string }[]} */
    const refused = []
    const callbacks = {
      ...callbacksOf(store, context),
      pushUpdateReference(/** @type {string} */ ref, /** @type {string} */ reason) {
        if (reason !== '') refused.push({ ref, reason })
        return 0
      },
      sidebandProgress(/** @type {string} */ text) {
        words = (words + text).slice(-10_000)
        return context.isCancelled() ? -1 : 0
      },
    }
    const refspecs = planned.todo.map(({ ref, target }) =>
      target === null ? `:${ref}` : `+${target}:${ref}`,
    )
    sent = true
    await remote.upload(refspecs, {
      callbacks,
      proxyOpts: automaticProxy,
      followRedirects: store.nodegit.Remote.REDIRECT.NONE,
    })
    const [first] = refused
    return first ? { type: 'refused', ...first, words } : { type: 'done' }
  } catch (error) {
    throw Object.assign(/** @type {Error} */ (error), { words, sent })
  } finally {
    await remote.disconnect()
  }
}

/**
 * What is left to be done, or why it cannot be.
 *
 * @param {Store} store
 * @param {readonly import('./calls.ts').RefRequest[]} updates
 * @param {ReadonlyMap<string, string>} refs
 * @returns {Promise<{ todo: import('./calls.ts').RefRequest[] } | import('./calls.ts').PushResult>}
 */
async function planPush(store, updates, refs) {
  const todo = []
  for (const update of updates) {
    const { ref, target, expected } = update
    const actual = refs.get(ref) ?? null
    if (actual === target) continue
    if (expected !== undefined && actual !== expected) return { type: 'changed', ref, actual }
    if (target !== null && actual !== null && !(await contains(store, target, actual))) {
      return expected === undefined ? { type: 'changed', ref, actual } : { type: 'rewrite', ref }
    }
    todo.push(update)
  }
  return { todo }
}

/**
 * @param {Store} store
 * @param {string} target
 * @param {string} actual
 */
async function contains(store, target, actual) {
  const { nodegit, odb } = store
  if ((await odb.read(nodegit.Oid.fromString(actual)).catch(() => null)) === null) return false
  // What is no commit (a tag, a file) has no history that could contain another.
  return isAncestor(store, [actual, target]).catch(() => false)
}

/**
 * @param {Store} store
 * @param {string} url
 * @param {number} direction
 * @param {CallContext} context
 */
async function connect(store, url, direction, context) {
  const { nodegit, repository } = store
  const { CREATE_SKIP_INSTEADOF, CREATE_SKIP_DEFAULT_FETCHSPEC } = nodegit.Remote.CREATE_FLAGS
  const flags = CREATE_SKIP_INSTEADOF | CREATE_SKIP_DEFAULT_FETCHSPEC
  await refuseRedirect(url, direction === toPush ? 'git-receive-pack' : 'git-upload-pack')
  const remote = await nodegit.Remote.createWithOpts(url, { repository, flags })
  await remote.connect(direction, callbacksOf(store, context), automaticProxy, [])
  return remote
}

/** @param {readonly import('./nodegit-module.ts').RemoteHead[]} heads */
function refsOf(heads) {
  const refs = heads.map((head) => /** @type {const} */ ([head.name(), head.oid().tostrS()]))
  return new Map(refs.filter(([name]) => name.startsWith('refs/') && !name.endsWith('^{}')))
}

/**
 * @param {Store} store
 * @param {CallContext} context
 */
function callbacksOf({ nodegit }, context) {
  return {
    /**
     * @param {string} url
     * @param {string} _user
     * @param {number} allowed
     */
    async credentials(url, _user, allowed) {
      const wantsUser = (allowed & nodegit.Credential.TYPE.USERNAME) !== 0
      const login = context.isCancelled() ? false : await context.ask({ type: 'login', url, wantsUser })
      if (typeof login === 'boolean') throw new Error('No credentials')
      return credentialOf(nodegit, login)
    },
    /**
     * @param {{ certType?: number }} _certificate
     * @param {number} isKnown
     */
    async certificateCheck(_certificate, isKnown) {
      const isAccepted = await context.ask({ type: 'host', isKnown: isKnown === 1 })
      // Passing it through leaves libgit2's own verdict: only what it found valid itself is accepted.
      return isAccepted === true && !context.isCancelled() ? nodegit.Error.CODE.PASSTHROUGH : -1
    },
  }
}

/**
 * @param {Store['nodegit']} nodegit
 * @param {import('./calls.ts').Login} login
 */
function credentialOf({ Credential }, login) {
  if (login.type === 'password') return Credential.userpassPlaintextNew(login.user, login.password)
  if (login.type === 'user') return Credential.usernameNew(login.user)
  if (login.type === 'agent') return Credential.sshKeyFromAgent(login.user)
  // Without a public key, libssh2 derives it from the private one.
  return Credential.sshKeyMemoryNew(login.user, '', login.privateKey, login.passphrase)
}
