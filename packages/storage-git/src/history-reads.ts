import { gitErrors, type Commit, type Oid } from '@lg/git'
import type { CallOptions, ObjectKey } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { StoredObject } from '@lg/storage'
import { changedPaths, type CommitState, type IndexTools } from './commit-state.ts'
import { documentHistory } from './document-history.ts'
import { documentState, type Layer } from './document-state.ts'
import { storageGitErrors } from './errors.ts'
import type { FieldPath } from './field-changes.ts'
import type { GitTransaction } from './git-storage.ts'
import { applyObjects, type ApplyTools } from './apply-plan.ts'
import { blameFields, objectHistory, type FieldBlame, type HistoryEntry } from './history.ts'
import { plannedObject, plannedObjects, reversed, type PlannedObject } from './plan.ts'
import { objectReversion, stateBefore, withField, type Reversion } from './revert.ts'

/** A token that is older than so many changes of its object is not looked for any further. */
const versionLimit = 100

export interface HistoryTools {
  readonly tools: () => IndexTools
  readonly serializer: Serializer
  readonly stateOf: (commit: Oid, options?: CallOptions) => Promise<CommitState>
  readonly pinned: (state: CommitState) => Layer
}

/** What the commits of a repository tell about single objects. */
export interface HistoryReads {
  history(from: Oid, key: ObjectKey, options?: CallOptions): AsyncGenerator<HistoryEntry>
  blame(from: Oid, key: ObjectKey, path: FieldPath, options?: CallOptions): Promise<readonly FieldBlame[]>
  /** The commit that changed a document last, or `base` where a shallow clone does not tell. */
  lastChange(
    base: Commit,
    stored: Pick<StoredObject, 'key' | 'location'>,
    options?: CallOptions,
  ): Promise<Commit>
  /** The text that a document had in an earlier version, as far back as {@link versionLimit} changes. */
  textOf(
    base: Commit,
    stored: Pick<StoredObject, 'key' | 'location'>,
    version: string,
    options?: CallOptions,
  ): Promise<string | undefined>
  /** Takes something back in the layer of a transaction that stands on `base`. */
  revert(
    what: Reversion,
    place: {
      readonly base: Oid
      readonly layer: Layer
      readonly tx: GitTransaction
      readonly to: Oid | undefined
    },
    tools: ApplyTools,
    options?: CallOptions,
  ): Promise<void>
}

export function createHistoryReads({ tools, serializer, stateOf, pinned }: HistoryTools): HistoryReads {
  async function* history(
    from: Oid,
    key: ObjectKey,
    options: CallOptions = {},
  ): AsyncGenerator<HistoryEntry> {
    const path = (await stateOf(from, options)).index.get(key)?.location.path
    const decoder = serializer.decoder({ strict: false, decodeUnknown: true })
    yield* objectHistory(documentHistory(tools(), key, { from, path }, options), key, decoder, options)
  }

  /** What a commit did to objects, seen from its first parent. */
  const changesOf = async (oid: Oid, options: CallOptions): Promise<readonly PlannedObject[]> => {
    const [parent] = (await tools().repository.readCommit(oid, options)).parents
    const after = await stateOf(oid, options)
    if (parent === undefined) {
      const created = Array.from(after.index.list(), async ({ key }) =>
        plannedObject(key, undefined, await documentState(pinned(after), key, options)),
      )
      return (await Promise.all(created)).filter((planned) => planned !== undefined)
    }
    const before = await stateOf(parent, options)
    const paths = await changedPaths(tools(), before, after, options)
    return await plannedObjects(pinned(before), pinned(after), paths, options)
  }

  return {
    history,
    blame: (from, key, path, options) => blameFields(history(from, key, options), key, path),
    async lastChange(base, { key, location: { path } }, options) {
      try {
        const changes = documentHistory(tools(), key, { from: base.oid, path }, options)
        for await (const { commit } of changes) return commit
      } catch (error) {
        if (!gitErrors.is(error, 'HISTORY_INCOMPLETE')) throw error
      }
      return base
    },
    async textOf(base, { key, location: { path } }, version, options) {
      try {
        let left = versionLimit
        const changes = documentHistory(tools(), key, { from: base.oid, path }, options)
        for await (const { before } of changes) {
          if (before?.version === version) return Buffer.from(before.bytes).toString('utf8')
          if (--left === 0) break
        }
      } catch (error) {
        if (!gitErrors.is(error, 'HISTORY_INCOMPLETE')) throw error
      }
      return undefined
    },
    async revert(what, { base, layer, tx, to }, apply, options = {}) {
      if ('commit' in what) {
        const objects = to === undefined ? [] : await changesOf(to, options)
        if (objects.length === 0) throw nothing(`Commit ${what.commit} changed no object`)
        return await applyObjects(layer, reversed(objects), apply, options)
      }
      const { key, path } = what
      const now = await documentState(layer, key, options)
      const then =
        to === undefined ?
          (await stateBefore(history(base, key, options), key, path)).before
        : await documentState(pinned(await stateOf(to, options)), key, options)
      if (path === undefined)
        return await applyObjects(layer, objectReversion(key, now, then), apply, options)
      if (then?.object === undefined) throw nothing(`${key.name} was not there to take a field from`)
      await tx.update(withField(await tx.get(key, { unstructured: true }), then.object, path), options)
    },
  }
}

const nothing = (message: string): Error => storageGitErrors.create('NOTHING_TO_REVERT', message, {})
