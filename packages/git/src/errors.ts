import { defineErrors, type ErrorFamily } from '@lg/runtime'
import type { Oid } from './oid.ts'

/** Where a call went, as it may be shown: user info and secrets removed. */
interface Remote {
  readonly remote: string
}

/** The codes of the Git port; every adapter maps its engine's failures to these. */
export interface GitErrors {
  /** The engine itself is missing, too old or cannot run. */
  ENGINE_UNAVAILABLE: { readonly engine: string; readonly reason: string }
  /** Not a URL form that names a Git repository. */
  INVALID_REPOSITORY: { readonly url: string; readonly reason: string }
  /** A credential that cannot work here: key file missing or unreadable, wrong passphrase, wrong kind. */
  INVALID_CREDENTIALS: { readonly reason: string; readonly file?: string }
  /** The remote does not accept these credentials. */
  AUTHENTICATION_FAILED: Remote
  /** The remote knows the caller, who may not do this. */
  PERMISSION_DENIED: Remote
  /** The SSH host key is not in known_hosts, or another one is. */
  HOST_KEY_UNKNOWN: Remote & { readonly knownHosts: string }
  /** `line` of known_hosts holds the other key. */
  HOST_KEY_CHANGED: Remote & { readonly knownHosts: string; readonly line?: number }
  REPOSITORY_NOT_FOUND: Remote
  /** No answer: name, connection, TLS or a cut in the middle. `sent` tells that a push may have arrived. */
  REMOTE_UNAVAILABLE: Remote & { readonly sent: boolean }
  /** The remote answers with a redirect to another place; credentials are never sent there. */
  REDIRECTED: Remote
  TIMEOUT: { readonly operation: string; readonly timeout: number }
  /** The branch, tag, ref or commit is not there. */
  REF_NOT_FOUND: { readonly ref: string }
  /** A short object name that several objects share, or a name that is several refs. */
  REF_AMBIGUOUS: { readonly ref: string }
  /** Not a name that Git allows (git-check-ref-format). */
  INVALID_REF: { readonly ref: string; readonly reason: string }
  /** A path that lg never hands to an engine. */
  INVALID_PATH: { readonly path: string; readonly reason: string }
  /** A commit that cannot be stored as it is: a signature or message with characters that Git reserves. */
  INVALID_COMMIT: { readonly reason: string }
  OBJECT_NOT_FOUND: { readonly oid: Oid }
  /** An object is damaged on disk, and could not be had from the remote. `oid` is absent when the engine does not tell. */
  OBJECT_CORRUPT: { readonly dir: string; readonly oid?: Oid }
  /** The store is shallow: the parents of `commit` were never fetched. */
  HISTORY_INCOMPLETE: { readonly commit: Oid }
  /** A blob larger than the caller's limit. */
  BLOB_TOO_LARGE: { readonly oid: Oid; readonly size: number; readonly limit: number }
  /** The ref does not have the expected value: somebody else was first. `actual` is absent when not known. */
  REF_CHANGED: { readonly ref: string; readonly expected: Oid | null; readonly actual?: Oid | null }
  /** The remote refused the push (a hook, a protected branch, a quota). `reason` is its own words. */
  PUSH_REJECTED: Remote & { readonly ref: string; readonly reason: string }
  /** Two commits that cannot be merged without a person. */
  MERGE_CONFLICT: { readonly paths: readonly string[] }
  /** The directory is owned by another process, or by another repository object of this one. */
  DIRECTORY_IN_USE: { readonly dir: string; readonly pid?: number }
  /** The directory exists and is not a clone that lg made, or one of another repository. */
  DIRECTORY_NOT_OURS: { readonly dir: string; readonly reason: string }
  /** Used after `close()`. */
  CLOSED: { readonly dir: string }
  /** The adapter cannot do this; see its capabilities. */
  UNSUPPORTED: { readonly engine: string; readonly feature: string }
  /** The engine failed in a way that has no code of its own. `output` is redacted. */
  GIT_FAILED: { readonly operation: string; readonly output: string; readonly status?: number }
}

export type GitErrorCode = keyof GitErrors

export const gitErrors: ErrorFamily<GitErrors> = defineErrors()
