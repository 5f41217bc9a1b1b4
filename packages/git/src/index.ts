export { isOid } from './oid.ts'
export type { Oid } from './oid.ts'
export { commitTitle } from './commit.ts'
export type {
  Commit,
  CommitHeaders,
  FileChange,
  FileMode,
  Person,
  Signature,
  TreeChange,
  TreeEntry,
} from './commit.ts'
export { createHttpsCredentials, createSshCredentials, readSecret } from './credentials.ts'
export type {
  Credentials,
  HttpsCredentials,
  Secret,
  SecretRequest,
  SshCredentials,
  SshKey,
} from './credentials.ts'
export { gitErrors } from './errors.ts'
export type { GitErrorCode, GitErrors } from './errors.ts'
export type {
  FetchOptions,
  FetchProgress,
  FetchResult,
  GcOptions,
  Git,
  GitCapabilities,
  GitObjects,
  GitRefs,
  GitRemote,
  GitRepository,
  GitWorktree,
  LogOptions,
  NewCommit,
  NewMerge,
  OpenOptions,
  RefUpdate,
  RemoteRefs,
  WorktreeUpdate,
} from './git.ts'
export { redact } from './redact.ts'
export { checkBranchName, checkRefName, parseRefspec } from './ref-name.ts'
export type { Refspec } from './ref-name.ts'
export { formatRepositoryReference, parseRepositoryReference, webHost } from './repository-reference.ts'
export type { RepositoryReference } from './repository-reference.ts'
