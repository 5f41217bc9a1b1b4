export { rawStorageErrors } from './errors.ts'
export type { RawStorageErrorCode, RawStorageErrors } from './errors.ts'
export type {
  FileEdit,
  MappedRawStorage,
  RawCapabilities,
  RawChange,
  RawDeleteOptions,
  RawDocument,
  RawEntry,
  RawStorage,
  RawWriteOptions,
} from './raw-storage.ts'
export type { ContentType, Location } from './location.ts'
export type { FileProblem, RecognizedDocument, RecognizedFile, Recognize } from './recognized.ts'

export { createDirectoryRawStorage } from './directory-raw-storage.ts'
export type { DirectoryRawStorageOptions } from './directory-raw-storage.ts'
export { createMappedRawStorage, createPlacement } from './mapped-raw-storage.ts'
export type { MappedRawStorageOptions } from './mapped-raw-storage.ts'
export { createMemoryRawStorage } from './memory-raw-storage.ts'
export type { LayoutOptions } from './template-layout.ts'

export { createIndexedRawStorage } from './indexed-raw-storage.ts'
export type { IndexedRawStorageOptions } from './indexed-raw-storage.ts'
export type { Placement } from './indexed/document-writer.ts'
export type { ScanPolicy } from './indexed/refresher.ts'
export type { FileContent, FileStat, FileTree, TreeEdit, TreeScan } from './file-tree.ts'
export { createMemoryTree } from './memory-tree.ts'
export { createDiskTree } from './directory/disk-tree.ts'
export type { DiskTreeOptions } from './directory/disk-tree.ts'
export { createScanner } from './scanner.ts'
export type { Scanner, ScannerOptions } from './scanner.ts'

export { createObjectIndex } from './object-index.ts'
export type { ObjectIndex } from './object-index.ts'
export { indexFile, unreadableFile } from './indexed-file.ts'
export type { IndexedDocument, IndexedFile } from './indexed-file.ts'
export { planDocumentDelete, planDocumentWrite } from './plan-change.ts'
export type { PlannedChange } from './plan-change.ts'
export { spliceDocument } from './splice-document.ts'
export { createQueue } from './concurrency.ts'
export type { Queue } from './concurrency.ts'
export { contentVersion } from './content-version.ts'
export { contentTypeOf } from './content-type.ts'
export { createPathRules } from './path-rules.ts'
export type { PathRuleOptions, PathRules } from './path-rules.ts'
export { createPathTemplate } from './path-template.ts'
export type { PathTemplate } from './path-template.ts'
