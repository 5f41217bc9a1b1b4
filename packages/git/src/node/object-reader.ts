import type { Oid } from '../oid.ts'

/** An object of a repository, or that there is none. */
export type ObjectReply =
  | {
      readonly type: 'object'
      readonly oid: Oid
      readonly kind: string
      readonly size: number
      readonly bytes: Uint8Array
    }
  | { readonly type: 'missing' | 'ambiguous' }

/** What an engine gives for all that reads objects: commits, trees, files, worktrees. */
export interface ObjectReader {
  /** The object's type and size, without its bytes. */
  info(name: Oid, signal?: AbortSignal): Promise<ObjectReply>
  /** The object with its bytes. */
  contents(name: Oid, signal?: AbortSignal): Promise<ObjectReply>
  /** Many objects in order, read only as fast as they are taken. */
  stream(names: Iterable<Oid>, signal?: AbortSignal): AsyncGenerator<ObjectReply>
}
