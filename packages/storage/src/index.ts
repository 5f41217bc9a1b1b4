export { storageErrors } from './errors.ts'
export type { StorageErrorCode, StorageErrors } from './errors.ts'
export type {
  CreateOptions,
  ListOptions,
  Page,
  Paged,
  ReadAsOptions,
  ReadOptions,
  ReadStorage,
  Storage,
  StoredObject,
  WriteOptions,
  WriteResult,
  WriteStorage,
} from './storage.ts'
export { createStorage } from './create-storage.ts'
export type { DocumentStorage } from './create-storage.ts'
export type { StorageOptions } from './storage-options.ts'
export { createObjectCache } from './object-cache.ts'
export type { ObjectCache } from './object-cache.ts'
export type { ValidatedWrite, Validator } from './validator.ts'
export { planWrite } from './write-plan.ts'
export type { DocumentPlan, WritePlan } from './write-plan.ts'
export type {
  EventOrigin,
  EventStorage,
  ObjectChange,
  ObjectEvent,
  WatchError,
  WatchMark,
  WatchOptions,
} from './events.ts'
export { observeEvents } from './observe-events.ts'
export { describeChange, documentChanges, problemError } from './object-changes.ts'
export type { DocumentChange, ObjectState } from './object-changes.ts'
export type { Transaction, TransactionStorage } from './transaction.ts'
export { createClient } from './client.ts'
export type { Client, Named, ReadClient, WriteClient } from './client.ts'
export { createSyncStorage } from './sync-storage.ts'
export type { SyncStorage, SyncStorageOptions } from './sync-storage.ts'
export type { TargetStatus } from './target-status.ts'
