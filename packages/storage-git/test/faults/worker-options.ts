import type { KillPoint } from './kill-points.ts'

/** What a worker is started with, as JSON in its environment. */
export interface WorkerOptions {
  readonly url: string
  readonly token: string
  /** Folder of its clone. */
  readonly dir: string
  readonly ssh?: { readonly key: string; readonly knownHosts: string } | undefined
  /** Where it is to kill itself. */
  readonly killPoint?: KillPoint | undefined
  readonly clockJumps?: boolean | undefined
}
