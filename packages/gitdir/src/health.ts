import { BehaviorSubject, type Observable } from 'rxjs'

/** How a Git directory is doing. Times are milliseconds since the epoch. */
export type Health =
  /** Not started, or the last start failed with `error`. */
  | { readonly state: 'idle'; readonly error?: unknown }
  | { readonly state: 'starting' }
  /** In step with the remote as of the last pull. */
  | { readonly state: 'ready'; readonly since: number }
  /** The last commit is still served; it may be old. */
  | {
      readonly state: 'degraded'
      /** Why the last pull failed. */
      readonly error: unknown
      /** When the first of these failures happened. */
      readonly since: number
      /** Failures in a row. */
      readonly failures: number
      /** When the next background pull is due. */
      readonly nextAttempt: number
    }
  | { readonly state: 'closed' }

/** The health now, and as it changes. */
export interface HealthReport {
  readonly current: Health
  /** The health at the time of subscribing, then each change; completes after `closed`. */
  changes(): Observable<Health>
}

export interface HealthCell extends HealthReport {
  set(health: Health): void
}

export function createHealthCell(): HealthCell {
  const subject = new BehaviorSubject<Health>({ state: 'idle' })
  return {
    get current() {
      return subject.value
    },
    changes: () => subject.asObservable(),
    set(health) {
      subject.next(health)
      if (health.state === 'closed') subject.complete()
    },
  }
}
