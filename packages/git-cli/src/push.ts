import { gitErrors } from '@lg/git'
import type { GitRemote, RefUpdate } from '@lg/git'
import { checkRefUpdate, checkTargets } from '@lg/git/node'
import type { ObjectReader } from '@lg/git/node'
import { mayHaveArrived, pushFailure } from './push-report.ts'
import { remoteUnavailable } from './remote-errors.ts'
import type { RemoteProcess } from './remote-process.ts'
import type { ReadRemoteRefs } from './remote-refs.ts'

export function createPush(
  process: RemoteProcess,
  reader: ObjectReader,
  readRefs: ReadRemoteRefs,
): GitRemote['push'] {
  const { remote, url, run } = process

  const hasArrived = async (
    updates: readonly RefUpdate[],
    signal: AbortSignal | undefined,
  ): Promise<boolean> => {
    const names = updates.map(({ ref }) => ref)
    const { refs } = await readRefs(names, signal).catch((error: unknown) => {
      if (signal?.aborted) throw error
      throw remoteUnavailable(remote, true, 'it could not be asked whether the push arrived', error)
    })
    return updates.every(({ ref, target }) => (refs.get(ref) ?? null) === target)
  }

  return async (updates, { signal } = {}) => {
    for (const update of updates) checkRefUpdate(update)
    signal?.throwIfAborted()
    if (updates.length === 0) return
    await checkTargets(reader, updates, signal)
    const args = [
      'push',
      '--porcelain',
      '--no-verify',
      '--no-follow-tags',
      '--no-signed',
      '--recurse-submodules=no',
      ...(updates.length > 1 ? ['--atomic'] : []),
      ...updates.flatMap(leaseOf),
      '--end-of-options',
      url,
      ...updates.map(({ ref, target }) => `${target ?? ''}:${ref}`),
    ]
    let isDoubtful = false
    try {
      await run({ operation: 'push', args, signal }, ({ stdout, stderr }, failure) => {
        isDoubtful = mayHaveArrived(stdout, stderr)
        return pushFailure(updates, failure, stdout)
      })
    } catch (error) {
      if (isDoubtful && (await hasArrived(updates, signal))) return
      if (!gitErrors.is(error, 'TIMEOUT')) throw error
      throw remoteUnavailable(remote, true, error.message, error)
    }
  }
}

function leaseOf({ ref, expected }: RefUpdate): readonly string[] {
  return expected === undefined ? [] : [`--force-with-lease=${ref}:${expected ?? ''}`]
}
