import type { GitService } from './git-service.ts'

/** One request to a Git server, as far as a fault needs to know it. */
export interface FaultTarget {
  /** Path of the repository below the root, without a leading slash. */
  readonly repository: string
  readonly service: GitService
}

/** What a Git server can be told to do wrong. */
export type GitFault =
  /** A pre-receive hook refuses the push with a message: any push, or one to this branch. */
  | { readonly type: 'refusePush'; readonly message?: string; readonly branch?: string }
  /**
   * The connection ends. After `connect`: before anything was answered. After `sent` or `received`: when that
   * many bytes of the answer, or of what the client sends, went through. After `push`: the push was applied,
   * but the client does not learn it. With `reset` the client sees a reset instead of an end (not over HTTPS).
   */
  | { readonly type: 'drop'; readonly after: 'connect' | 'push'; readonly reset?: boolean }
  | {
      readonly type: 'drop'
      readonly after: 'sent' | 'received'
      readonly bytes: number
      readonly reset?: boolean
    }
  /** The request waits that long, on the server's clock, before it is served. */
  | { readonly type: 'delay'; readonly milliseconds: number }
  /** The answer flows no faster than that, on the server's clock. */
  | { readonly type: 'throttle'; readonly bytesPerSecond: number }
  /** The request is served after `run` resolved: the place for what happens at the wrong moment. */
  | { readonly type: 'intercept'; readonly run: (target: FaultTarget) => Promise<void> }
  /** Nobody listens on the port any more, and open connections are cut. Lasts until it is cleared. */
  | { readonly type: 'gone' }

/** What only a server over HTTP can do wrong. */
export type HttpFault =
  | GitFault
  /** Answers with this status, and a plain text or the given body. */
  | {
      readonly type: 'status'
      readonly status: number
      readonly body?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Answers 200 with a page of HTML, as a proxy or a login page does. */
  | { readonly type: 'html'; readonly body?: string }
  /** Redirects to the same path and query below another base URL; 302 by default. */
  | { readonly type: 'redirect'; readonly to: string; readonly status?: 301 | 302 | 303 | 307 | 308 }

/** Which requests a fault hits. */
export interface FaultOptions {
  /** How many requests (over SSH: commands); after them the fault is gone. All by default. */
  readonly times?: number
  /** Only requests of this service. Both by default. */
  readonly on?: GitService
}

/** The switch that each server has. One fault is on at a time. */
export interface FaultControl<Fault> {
  /** Switches a fault on, in place of any other, for all requests that arrive from now on. */
  setFault(fault: Fault, options?: FaultOptions): Promise<void>
  /** Serves as usual again. */
  clearFault(): Promise<void>
}

/** Where in its life a request asks for a fault. */
type FaultStage =
  | { readonly at: 'connection' }
  | { readonly at: 'request'; readonly service: GitService | undefined; readonly pushes: boolean }

export interface FaultSwitch<Fault> {
  set(fault: Fault | undefined, options?: FaultOptions): void
  /** The fault that hits here, if any; counts it. */
  take(stage: FaultStage): Fault | undefined
}

export function createFaultSwitch<Fault extends HttpFault>(): FaultSwitch<Fault> {
  let current: { readonly fault: Fault; readonly on: GitService | undefined; left: number } | undefined
  const hits = (stage: FaultStage, fault: Fault, on: GitService | undefined): boolean => {
    if (fault.type === 'gone') return false
    if (stage.at === 'connection')
      return fault.type === 'drop' && fault.after === 'connect' && on === undefined
    if (on !== undefined && on !== stage.service) return false
    const needsPush = fault.type === 'refusePush' || (fault.type === 'drop' && fault.after === 'push')
    return !needsPush || stage.pushes
  }
  return {
    set(fault, { times = Infinity, on } = {}) {
      current = fault === undefined || times < 1 ? undefined : { fault, on, left: times }
    },
    take(stage) {
      if (current === undefined || !hits(stage, current.fault, current.on)) return undefined
      const { fault } = current
      current.left -= 1
      if (current.left < 1) current = undefined
      return fault
    },
  }
}
