import type { Commit, Oid } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { CallOptions } from '@lg/runtime'
import {
  endWith,
  filter,
  firstValueFrom,
  fromEvent,
  map,
  merge,
  NEVER,
  takeUntil,
  type Observable,
} from 'rxjs'

/**
 * The head once it is another commit than `seen`: at once, or when the directory reports it. `undefined` when
 * `ended` emits first, or the directory is closed.
 */
export async function headAfter(
  gitDirectory: GitDirectory,
  seen: Oid | undefined,
  ended: Observable<unknown>,
  { signal }: CallOptions,
): Promise<Commit | undefined> {
  signal?.throwIfAborted()
  const head = gitDirectory.commits().pipe(
    filter(({ oid }) => oid !== seen),
    takeUntil(ended),
    endWith(undefined),
  )
  const aborted =
    signal === undefined ? NEVER : fromEvent(signal, 'abort').pipe(map(() => signal.throwIfAborted()))
  return firstValueFrom(merge(head, aborted as Observable<never>))
}
