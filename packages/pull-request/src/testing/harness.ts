import type { Oid, RepositoryReference } from '@lg/git'
import type { PullRequestProvider } from '../provider.ts'

/** A provider in front of a repository of its own, and a way to that repository that is not the provider. */
export interface PullRequestHarness {
  readonly provider: PullRequestProvider
  readonly repository: RepositoryReference
  /** Default branch; holds at least one commit and allows every merge method of the capabilities. */
  readonly base: string
  /** Three login names that may be assignee and reviewer, other than the provider's own. */
  readonly users: readonly [string, string, string]
  /** Two teams that may review; empty where there are none. */
  readonly teams: readonly string[]
  /** Two titles of milestones. */
  readonly milestones: readonly [string, string]
  /** Three labels that the repository has. */
  readonly labels: readonly [string, string, string]
  /** Names that the host does not know, where it refuses such. */
  readonly unknown: { readonly user?: string; readonly milestone?: string }
  /** A page of the host's list holds so many; a case makes one more. */
  readonly pageSize: number
  /** Commits as somebody with plain Git does and returns the commit. */
  commit(request: HarnessCommit): Promise<Oid>
  deleteBranch(branch: string): Promise<void>
  /** Branches on the host by name. */
  branches(): Promise<Readonly<Record<string, Oid>>>
  /** Text of a file at a branch or commit; `undefined` when it is not there. */
  readFile(revision: string, path: string): Promise<string | undefined>
  close(): Promise<void>
}

export interface HarnessCommit {
  /** Made when it is not there. */
  readonly branch: string
  /** Where a new branch begins: a branch or commit. Default: the base branch. */
  readonly from?: string
  /** Text by path; `null` deletes. */
  readonly files: Readonly<Record<string, string | null>>
  readonly message?: string
}
