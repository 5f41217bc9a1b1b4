export { plainEnvironment } from './child-environment.ts'
export { checkAbsolute, claimStore } from './claim-store.ts'
export type { ClaimOptions, StoreClaim } from './claim-store.ts'
export { formatCommit, parseCommit } from './commit-text.ts'
export { commitTree, createCommit } from './create-commit.ts'
export type { CommitStore } from './create-commit.ts'
export { createHistory } from './history.ts'
export type { CommitWalks, History } from './history.ts'
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
export { noRemote } from './no-remote.ts'
export { createQueue } from './queue.ts'
export type { Queue } from './queue.ts'
export { createBringBlobs, readBlob, readBlobs } from './read-blobs.ts'
export type { BringBlobs } from './read-blobs.ts'
export { changedRefs, isFetched } from './ref-changes.ts'
export { checkRefUpdate, checkTargets } from './ref-updates.ts'
export {
  checkCredentials,
  isRefusedCredential,
  isRenewable,
  originOf,
  remoteUrl,
  secretRequest,
  sshUser,
} from './remote-access.ts'
export { createRepositoryObjects } from './repository-objects.ts'
export type { RepositoryObjectsParts } from './repository-objects.ts'
export { resolveRevision } from './revision.ts'
export type { Commitish, RevisionLookup } from './revision.ts'
export { findSshFiles } from './ssh-files.ts'
export type { SshFiles } from './ssh-files.ts'
export { createTemporaryFolder, longestSocketPath } from './temporary-folder.ts'
export type { TemporaryFolder, TemporaryFolderOptions } from './temporary-folder.ts'
export type { FileStep, OnFileStep } from './steps.ts'
export { editTree, fileMode, isFolder, scanTree } from './tree.ts'
export type { RawEntry, TreeEdit } from './tree.ts'
export { createTrees, notFound } from './trees.ts'
export type { Node, Trees } from './trees.ts'
export { createWorktrees } from './worktree.ts'
export type { WorktreeParts } from './worktree.ts'
