import type { Commit, Oid, Person } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { PullRequestProvider } from '@lg/pull-request'
import type { CallOptions, Clock, Logger, Random } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import type { StoredObject } from '@lg/storage'
import type { Layer } from './document-state.ts'
import type { GitTransaction, TransactionHooks, TransactionOptions } from './git-storage.ts'
import type { OrderKeeper } from './policy/keep-order.ts'
import type { OnGitStorageStep } from './steps.ts'
import type { TransactionDecision } from './transaction-result.ts'
import type { Turns } from './turns.ts'

/** What every transaction of one storage works with. */
export interface TransactionContext {
  readonly gitDirectory: GitDirectory
  readonly serializer: Serializer
  readonly provider: PullRequestProvider | undefined
  /** With a policy. */
  readonly order: OrderKeeper | undefined
  readonly author: Person
  readonly hooks: TransactionHooks
  readonly sign: ((commit: Uint8Array, options: CallOptions) => Promise<string>) | undefined
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly onStep: OnGitStorageStep | undefined
  readonly turns: Turns
  /** A commit that can be written on top of. */
  readonly stage: (base: Commit, options: CallOptions) => Promise<Layer>
  /** The same commit as it is. */
  readonly pinned: (base: Commit, options: CallOptions) => Promise<Layer>
  readonly lastChange: (base: Commit, stored: StoredObject, options: CallOptions) => Promise<Commit>
  readonly textOf: (
    base: Commit,
    stored: StoredObject,
    version: string,
    options: CallOptions,
  ) => Promise<string | undefined>
  /** Told before a commit is pushed, so that its events can be marked as ours. */
  readonly remember: (commit: Oid, transaction: string) => void
}

export interface TransactionRequest {
  /** With its suffix. */
  readonly name: string
  /** What a pull request of it is about, unless its decision says. */
  readonly key: string
  readonly change: (tx: GitTransaction, layer: Layer, base: Commit) => Promise<TransactionDecision>
  readonly signal: AbortSignal
  readonly options: TransactionOptions
}
