export { storageErrors } from './errors.ts'
export type { StorageErrorCode, StorageErrors } from './errors.ts'
export type {
  CreateOptions,
  ListOptions,
  ObjectPatch,
  Page,
  Paged,
  ReadOptions,
  ReadStorage,
  Storage,
  StoredObject,
  WriteOptions,
  WriteResult,
  WriteStorage,
} from './storage.ts'
export type { LedgerEntry, WritePlan } from './write-plan.ts'
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
export type { Transaction, TransactionStorage } from './transaction.ts'
