export { createGitStorage } from './create-git-storage.ts'
export type { GitStorage, GitStorageOptions, TransactionOptions } from './git-storage.ts'
export type {
  CommitDetails,
  PullRequestDetails,
  TransactionDecision,
  TransactionOutcome,
} from './transaction-result.ts'
export { storageGitErrors } from './errors.ts'
export type { PullRequestFailure, StorageGitErrors } from './errors.ts'
