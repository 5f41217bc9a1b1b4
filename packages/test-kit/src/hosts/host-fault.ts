import type { HostRequest } from './exchange.ts'

/** What a host, or what is in front of it, can do wrong. */
export type HostFault =
  /** Answers with this status; a body that is no text is sent as JSON. The request is not served. */
  | {
      readonly type: 'status'
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Answers with a page of HTML, as a proxy or a login page does; 200 by default. */
  | { readonly type: 'html'; readonly status?: number }
  /** Redirects to this address; 302 by default. */
  | { readonly type: 'redirect'; readonly to: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** Cuts the connection before the request is served, or after: then what it did stays. */
  | { readonly type: 'cut'; readonly served: boolean }
  /** Answers half of what it has to say, and cuts the connection. */
  | { readonly type: 'half' }
  /** The request is served that much later, on the host's clock. */
  | { readonly type: 'delay'; readonly milliseconds: number }
  /** Reads answer as before the last write. */
  | { readonly type: 'stale' }
  /** Answers 200 and JSON of so many bytes. */
  | { readonly type: 'huge'; readonly bytes: number }
  /** The request is served after `run` resolved: the place for what happens at the wrong moment. */
  | { readonly type: 'intercept'; readonly run: (request: HostRequest) => Promise<void> }

export interface HostFaultOptions {
  /** How many requests; after them the fault is gone. All by default. */
  readonly times?: number
  /** Only these requests: `{ method: 'POST', path: /\/pulls$/ }`. All by default. */
  readonly on?: { readonly method?: string; readonly path?: RegExp }
}

export interface HostFaults {
  add(fault: HostFault, options?: HostFaultOptions): void
  clear(): void
  /** The first fault that hits this request; counts it. */
  take(request: HostRequest): HostFault | undefined
}

export function createHostFaults(): HostFaults {
  let faults: { readonly fault: HostFault; readonly on: HostFaultOptions['on']; left: number }[] = []
  return {
    add: (fault, { times = Infinity, on } = {}) => void faults.push({ fault, on, left: times }),
    clear: () => void (faults = []),
    take({ method, path }) {
      const found = faults.find(
        ({ on }) => (on?.method ?? method) === method && (on?.path === undefined || on.path.test(path)),
      )
      if (found === undefined) return undefined
      found.left -= 1
      if (found.left < 1) faults = faults.filter((other) => other !== found)
      return found.fault
    },
  }
}
