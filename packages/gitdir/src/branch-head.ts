import type { Commit } from '@lg/git'
import { Observable, Subject } from 'rxjs'

/** How the synced branch came to its commit. */
export type BranchUpdate =
  /** What the branch has when a subscriber comes, or the first commit of all. */
  | { readonly type: 'initial'; readonly branch: string; readonly commit: Commit }
  /** `commit` contains `previous`. */
  | {
      readonly type: 'fastForward'
      readonly branch: string
      readonly commit: Commit
      readonly previous: Commit
    }
  /** `commit` does not contain `previous`: history was rewritten. */
  | {
      readonly type: 'forcePush'
      readonly branch: string
      readonly commit: Commit
      readonly previous: Commit
    }
  /** The default branch vanished and the remote's HEAD names another one; the commit may be the same. */
  | {
      readonly type: 'branchChange'
      readonly branch: string
      readonly previousBranch: string
      readonly commit: Commit
      readonly previous: Commit
    }

/** The branch and its commit, for those who look and for those who listen. */
export interface BranchHead {
  readonly current: BranchUpdate | undefined
  updates(): Observable<BranchUpdate>
  set(update: BranchUpdate): void
  /** Ends all subscriptions. */
  complete(): void
}

export function createBranchHead(): BranchHead {
  const subject = new Subject<BranchUpdate>()
  let current: BranchUpdate | undefined
  let completed = false
  return {
    get current() {
      return current
    },
    updates: () =>
      new Observable((subscriber) => {
        if (current !== undefined && !completed) {
          subscriber.next({ type: 'initial', branch: current.branch, commit: current.commit })
        }
        return subject.subscribe(subscriber)
      }),
    set(update) {
      // First the state: who subscribes inside a handler sees this update once, as its initial one.
      current = update
      subject.next(update)
    },
    complete() {
      completed = true
      subject.complete()
    },
  }
}
