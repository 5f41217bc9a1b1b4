export { createGitStorage } from './create-git-storage.ts'
export type {
  ApplyOptions,
  AtOptions,
  GitStorage,
  GitStorageOptions,
  GitTransaction,
  SignCommit,
  TransactionHooks,
  TransactionOptions,
} from './git-storage.ts'
export type {
  CommitDetails,
  CommittedOutcome,
  PullRequestDetails,
  TransactionDecision,
  TransactionOutcome,
} from './transaction-result.ts'
export type { PlannedFile, PlannedObject, TransactionPlan } from './plan.ts'
export type { DocumentState } from './document-state.ts'
export type { FieldChange, FieldPath } from './field-changes.ts'
export type { FieldConflict } from './merge-values.ts'
export type { FieldBlame, HistoryEntry } from './history.ts'
export type { Reversion } from './revert.ts'
export { gitStorageSteps } from './steps.ts'
export type { GitStorageStep, OnGitStorageStep } from './steps.ts'
export type { CloseReason, PullRequestPolicy, TidyReport } from './policy/pull-request-policy.ts'
export { storageGitErrors } from './errors.ts'
export type { PullRequestFailure, StorageGitErrors } from './errors.ts'
