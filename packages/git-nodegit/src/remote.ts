import { formatRepositoryReference, gitErrors, parseRefspec } from '@lg/git'
import type {
  Credentials,
  FetchOptions,
  GitRemote,
  Oid,
  RefUpdate,
  Refspec,
  RepositoryReference,
} from '@lg/git'
import {
  changedRefs,
  checkRefUpdate,
  checkTargets,
  createQueue,
  isFetched,
  isRefusedCredential,
  isRenewable,
  remoteUrl,
} from '@lg/git/node'
import type { ObjectReader } from '@lg/git/node'
import { EngineFailure } from './engine.ts'
import type { CallSettings, Engine } from './engine.ts'
import type { EngineCall, EngineCalls, PushResult } from './engine/calls.ts'
import { remoteUnavailable } from './failures.ts'
import { unsupported } from './find-module.ts'
import { openLogin } from './login.ts'

export interface RemoteParts {
  readonly engine: Engine
  readonly reader: ObjectReader
  readonly remote: RepositoryReference
  readonly credentials: Credentials | undefined
  /** The engine's home folder. */
  readonly home: string
  /** Milliseconds. */
  readonly timeout: number
  /** All refs of the store. */
  listRefs(signal: AbortSignal | undefined): Promise<ReadonlyMap<string, Oid>>
  /** Eight random hexadecimal digits. */
  uniqueName(): string
}

type RemoteCall = Extract<EngineCall, 'remoteRefs' | 'fetch' | 'push'>

const everyBranch = '+refs/heads/*:refs/remotes/origin/*'

export function createRemote(parts: RemoteParts): GitRemote {
  const { engine, reader, remote, credentials, home, timeout } = parts
  const shown = formatRepositoryReference(remote)
  const at = { url: remoteUrl(remote, credentials), local: remote.transport === 'file' }

  const call = async <Name extends RemoteCall>(
    name: Name,
    request: EngineCalls[Name]['request'],
    options: Pick<CallSettings, 'signal' | 'onProgress'>,
  ): Promise<EngineCalls[Name]['result']> => {
    // A secret that can be asked for anew is, once, when the remote refuses it; and what changes nothing there is done
    // again, once, when the process was lost.
    let renewals = isRenewable(credentials) ? 1 : 0
    let repeats = name === 'push' ? 0 : 1
    for (;;) {
      options.signal?.throwIfAborted()
      const login = await openLogin({ remote, credentials, home, signal: options.signal })
      try {
        return await engine.call(name, request, { ...options, timeout, onQuestion: login.answer })
      } catch (error) {
        if (error instanceof EngineFailure && error.lost && repeats-- > 0) continue
        const reason = login.explain(name, error)
        if (!login.hasGiven() || !isRefusedCredential(reason) || renewals-- <= 0) throw reason
      }
    }
  }

  // One at a time: two would fight for the same refs.
  const inTurn = createQueue()
  /** From before a fetch that failed, which may have moved refs: the next one tells of them. */
  let unsure: ReadonlyMap<string, Oid> | undefined

  const fetch: GitRemote['fetch'] = async ({ signal, onProgress, ...options } = {}) => {
    if (options.depth !== undefined) throw unsupported('a shallow fetch')
    const { refspecs, specs, prune } = planFetch(options)
    const before = unsure ?? (await parts.listRefs(signal))
    unsure = before
    const required = specs.map(({ source }) => source).filter((source) => !source.includes('*'))
    const request = { ...at, refspecs, required, prune, progress: onProgress !== undefined }
    const result = await call('fetch', request, { signal, onProgress })
    if (result !== 'done') {
      const ref = result.missing
      throw gitErrors.create('REF_NOT_FOUND', `${shown} has no ${ref}`, { ref })
    }
    const after = await parts.listRefs(signal)
    unsure = undefined
    return { changed: changedRefs(before, after).filter(isFetched(specs)) }
  }

  return {
    async remoteRefs({ prefixes = [], signal } = {}) {
      const { head, refs } = await call('remoteRefs', at, { signal })
      const isWanted = (ref: string): boolean =>
        prefixes.length === 0 || prefixes.some((prefix) => ref.startsWith(prefix))
      return { ...(head !== null && { head }), refs: new Map(refs.filter(([ref]) => isWanted(ref))) }
    },
    fetch: (options = {}) => inTurn(options.signal, () => fetch(options)),
    async push(updates, { signal } = {}) {
      for (const update of updates) checkRefUpdate(update)
      signal?.throwIfAborted()
      if (updates.length === 0) return
      await checkTargets(reader, updates, signal)
      const unique = `refs/lg/incoming/${parts.uniqueName()}`
      const result = await call('push', { ...at, updates, unique }, { signal }).catch((error: unknown) => {
        if (!gitErrors.is(error, 'TIMEOUT')) throw error
        throw remoteUnavailable(remote, true, error.message, error)
      })
      const refusal = pushRefusal(shown, updates, result)
      if (refusal) throw refusal
    },
  }
}

function planFetch({ refspecs, prune }: FetchOptions): {
  readonly refspecs: readonly string[]
  readonly specs: readonly Refspec[]
  readonly prune: boolean
} {
  const specs = (refspecs ?? [everyBranch]).map(parseRefspec)
  return {
    specs,
    // Forced updates are taken.
    refspecs: specs.map(({ source, destination }) => `+${source}:${destination}`),
    prune: prune ?? refspecs === undefined,
  }
}

/** The server found another value when it took the ref. */
const lostAtServer =
  /incorrect old value provided|cannot lock ref|failed to update ref|is at .* but expected|reference already exists|fetch first|non-fast-forward/

function pushRefusal(shown: string, updates: readonly RefUpdate[], result: PushResult): Error | undefined {
  if (result.type === 'done') return undefined
  if (result.type === 'unsupported') return unsupported(result.feature)
  if (result.type === 'rewrite')
    return unsupported(
      `replacing what ${result.ref} of ${shown} holds with a commit that does not contain it`,
    )
  const { ref } = result
  const expected = updates.find((update) => update.ref === ref)?.expected ?? null
  if (result.type === 'changed' || lostAtServer.test(result.reason)) {
    const actual = result.type === 'changed' ? result.actual : undefined
    return gitErrors.create('REF_CHANGED', `${ref} of ${shown} has changed meanwhile`, {
      ref,
      expected,
      ...(actual !== undefined && { actual }),
    })
  }
  const words = result.words.trim()
  const reason = words === '' ? result.reason : `${result.reason}: ${words}`
  return gitErrors.create('PUSH_REJECTED', `${shown} refuses ${ref}: ${reason}`, {
    remote: shown,
    ref,
    reason,
  })
}
