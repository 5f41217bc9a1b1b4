export { rawStorageErrors } from './errors.ts'
export type { RawStorageErrorCode, RawStorageErrors } from './errors.ts'
export type {
  ContentType,
  FileEdit,
  Location,
  MappedRawStorage,
  RawCapabilities,
  RawChange,
  RawDeleteOptions,
  RawDocument,
  RawEntry,
  RawStorage,
  RawWriteOptions,
} from './raw-storage.ts'
export type { FileProblem, RecognizedDocument, RecognizedFile, Recognize } from './recognized.ts'
