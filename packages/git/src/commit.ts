import type { Oid } from './oid.ts'

export interface Person {
  readonly name: string
  readonly email: string
}

/** A person at a moment. */
export interface Signature extends Person {
  /** Milliseconds since the epoch; Git keeps whole seconds. */
  readonly time: number
  /** Minutes east of UTC. Default 0. */
  readonly offset?: number | undefined
}

export interface Commit {
  readonly oid: Oid
  readonly tree: Oid
  readonly parents: readonly Oid[]
  readonly author: Signature
  readonly committer: Signature
  /** As stored, the final newline included. */
  readonly message: string
  /** Headers that are not Git's own; absent without any. */
  readonly headers?: CommitHeaders
}

/** Headers of a commit object, each of one line, by name. */
export type CommitHeaders = Readonly<Record<string, string>>

/** First line of a commit message. */
export function commitTitle({ message }: Pick<Commit, 'message'>): string {
  const end = message.indexOf('\n')
  return end < 0 ? message : message.slice(0, end)
}

export type FileMode = 'file' | 'executable' | 'symlink' | 'submodule'

/** A file, symlink or submodule in a commit's tree. Folders are not listed. */
export interface TreeEntry {
  /** From the root, `/` between parts, whatever the platform. */
  readonly path: string
  readonly mode: FileMode
  /** The blob, or for a submodule the commit. */
  readonly oid: Oid
}

/** What became of one path between two trees. A move is a deletion and an addition. */
export type TreeChange =
  | { readonly type: 'added'; readonly path: string; readonly after: TreeEntry }
  | {
      readonly type: 'modified'
      readonly path: string
      readonly before: TreeEntry
      readonly after: TreeEntry
    }
  | { readonly type: 'deleted'; readonly path: string; readonly before: TreeEntry }

/** What a new commit does to one path. */
export type FileChange =
  | {
      readonly type: 'write'
      readonly path: string
      /** New content, or the name of a blob that the repository holds already (a move). */
      readonly content: Uint8Array | { readonly oid: Oid }
      /** Default: the mode that the path has, else `file`. */
      readonly mode?: FileMode | undefined
    }
  | { readonly type: 'delete'; readonly path: string }
