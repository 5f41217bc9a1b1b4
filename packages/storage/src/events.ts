import type { CallOptions, KubernetesObject, ObjectKey } from '@lg/runtime'
import type { Location } from '@lg/storage-raw'
import type { Observable } from 'rxjs'
import type { ReadStorage } from './storage.ts'

/** What became of an object, or of the watch itself. */
export type ObjectEvent<T extends KubernetesObject = KubernetesObject> =
  ObjectChange<T> | WatchMark | WatchError

/** One object appeared, changed or went. */
export interface ObjectChange<T extends KubernetesObject = KubernetesObject> {
  /** `textChanged`: only form differs (a comment, order, quoting, the place), the value is the same. */
  readonly type: 'added' | 'modified' | 'deleted' | 'textChanged'
  readonly key: ObjectKey
  /** The object now; for `deleted` as it was last. */
  readonly object: T
  /** The object before, for `modified` and `textChanged`. */
  readonly previous?: T | undefined
  readonly version: string
  readonly location: Location
  /** True for what existed when the watch began. */
  readonly initial?: boolean | undefined
  readonly origin: EventOrigin
  readonly position: string
}

/**
 * `synced`: all that existed at the start, or that {@link EventStorage.sync} waited for, has been delivered.
 * `relist`: events were lost (a slow reader, an unreliable medium); what the reader knows is replaced by the `initial`
 * events that follow, up to the next `synced`.
 */
export interface WatchMark {
  readonly type: 'synced' | 'relist'
  readonly position: string
}

/** A file that cannot be served, or a medium that fails. The watch goes on. */
export interface WatchError {
  readonly type: 'error'
  readonly error: Error
  readonly position: string
}

/** Whose change it was: `self` for a write through this storage. */
export interface EventOrigin {
  readonly by: 'self' | 'other'
  /** Name of the transaction, for a change of ours. */
  readonly transaction?: string | undefined
  readonly commit?: string | undefined
  readonly author?: { readonly name: string; readonly email: string } | undefined
}

export interface WatchOptions extends CallOptions {
  /** Begin after this position instead of with what exists; `EXPIRED` when it cannot be resumed from. */
  readonly since?: string | undefined
  /** Events that a slow reader may lag behind. Default 1024. */
  readonly buffer?: number | undefined
  /**
   * What happens to a reader that lags further: `relist` drops its buffer and starts over with what exists, `error`
   * ends the watch with `WATCH_OVERFLOW`. Default `relist`.
   */
  readonly overflow?: 'relist' | 'error' | undefined
}

/** A storage that tells what changes in it. */
export interface EventStorage extends ReadStorage {
  /** Begins to follow the medium; resolves when the first state is known. Called again, it does nothing. */
  start(options?: CallOptions): Promise<void>
  /** The events of one reader, with its own buffer. Ends when the signal is aborted or the storage closed. */
  watch(options?: WatchOptions): AsyncIterable<ObjectEvent>
  /** {@link watch} as an Observable: each subscription is a reader of its own. */
  events(options?: WatchOptions): Observable<ObjectEvent>
  /** Resolves when all that was there at the call has been delivered. */
  sync(options?: CallOptions): Promise<void>
}
