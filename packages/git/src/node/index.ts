export { formatCommit, parseCommit } from './commit-text.ts'
export { commitTree, createCommit } from './create-commit.ts'
export type { CommitStore } from './create-commit.ts'
export { lockDirectory } from './directory-lock.ts'
export type { DirectoryLock, LockOptions } from './directory-lock.ts'
export { sha1, sha256 } from './object-format.ts'
export type { ObjectFormat } from './object-format.ts'
export type { ObjectReader, ObjectReply } from './object-reader.ts'
export { compressObject, createLooseWriter, uniqueObjects } from './object-writer.ts'
export type { NewObject, ObjectKind, ObjectWriter } from './object-writer.ts'
export {
  checkOurs,
  claimsFolder,
  isMade,
  makeStore,
  sweep,
  writeConfiguration,
  writeMark,
} from './open-store.ts'
export { createQueue } from './queue.ts'
export type { Queue } from './queue.ts'
export { createBringBlobs, readBlob, readBlobs } from './read-blobs.ts'
export type { BringBlobs } from './read-blobs.ts'
export { checkCredentials, originOf, remoteUrl, secretRequest, sshUser } from './remote-access.ts'
export { refCandidates } from './revision.ts'
export { createTemporaryFolder, longestSocketPath } from './temporary-folder.ts'
export type { TemporaryFolder, TemporaryFolderOptions } from './temporary-folder.ts'
export { editTree, fileMode, isFolder, scanTree } from './tree.ts'
export type { RawEntry, TreeEdit } from './tree.ts'
export { createTrees, notFound } from './trees.ts'
export type { Node, Trees } from './trees.ts'
export { createWorktrees } from './worktree.ts'
export type { WorktreeParts } from './worktree.ts'
