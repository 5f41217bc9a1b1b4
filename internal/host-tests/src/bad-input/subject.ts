import type { OptionalField } from '@lg/pull-request'
import type { FakeHost, HostFault } from '@lg/test-kit'
import type { HostProviderOptions, HostWorld } from '../world.ts'

export type AnyHostWorld = HostWorld<FakeHost, HostProviderOptions>

/** What a host says in its own way to what all hosts are asked. */
export interface HostWords {
  /** The repository as errors name it. */
  readonly repository: string
  /** Where pull requests are made and listed. */
  readonly pulls: RegExp
  /** The request that merges. */
  readonly merge: { readonly method: string; readonly path: RegExp }
  /** How the host answers a token without the scope. Default: as the fake does when the token may not write. */
  readonly scopeFault?: HostFault
  /** What FORBIDDEN tells of a token without the scope, and of an archived repository. */
  readonly missingScope: string
  readonly archived: string
  /** What a pull request goes without in a repository without issues. */
  readonly lostWithoutIssues: readonly OptionalField[]
  /** Longest title. */
  readonly titleLimit: number
  /** Where teams cannot be looked up before, the pull request is there already. */
  readonly unknownTeam: 'UNKNOWN_USER' | 'INCOMPLETE'
  /** What becomes of 300 labels. */
  readonly manyLabels: 'taken' | 'VALIDATION'
  /** Waits until a list shows the pull request that a refusal speaks of; none where the refusal names it. */
  readonly staleWaits: readonly number[]
}

/** A case that a host does not pass, and why. Once it passes, the waiver itself fails. */
export interface BadInputWaiver<Id extends string> {
  readonly case: Id
  readonly reason: string
}

export interface BadInputSubject<Id extends string> {
  readonly name: string
  /** A fresh world for each case. */
  create(): Promise<AnyHostWorld>
  readonly words: HostWords
  readonly waive?: readonly BadInputWaiver<Id>[]
}
