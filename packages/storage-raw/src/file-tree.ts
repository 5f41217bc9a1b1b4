import type { CallOptions } from '@lg/runtime'

/**
 * Files by path, as raw storages need them: a directory, memory, or a commit with changes on top.
 *
 * Paths are relative to the root, with `/`, and checked by the caller. What is no regular file (folders, symbolic
 * links, devices) is not there. Failures of the medium are `IO_FAILED`.
 */
export interface FileTree {
  /** For messages: where the files are. */
  readonly name: string
  readonly writable: boolean
  /** Nobody else changes these files, so that what was seen of one stays true. Default false. */
  readonly exclusive?: boolean | undefined
  /** Whether a scan would find a file of this path. */
  includes(path: string): boolean
  /** Every file that may hold objects, ordered by path. A root that is not there has none. */
  scan(options?: CallOptions): Promise<TreeScan>
  stat(path: string, options?: CallOptions): Promise<FileStat | undefined>
  read(path: string, options?: CallOptions): Promise<FileContent | undefined>
  /**
   * Replaces the content of a file, makes it (`before` is `undefined`) or removes it (`after` is `undefined`). Readers
   * see one or the other, never a part. Gives `false`, and does nothing, when the content is not `before` any more.
   */
  replace(edit: TreeEdit, options?: CallOptions): Promise<FileStat | boolean>
  close(): Promise<void>
}

export interface FileStat {
  readonly path: string
  /**
   * Equal stamps mean equal content; in Git the blob's name. Absent when the file was touched too recently to tell.
   */
  readonly stamp: string | undefined
}

export interface FileContent extends FileStat {
  readonly bytes: Uint8Array
}

export interface TreeEdit {
  readonly path: string
  readonly before: Uint8Array | undefined
  readonly after: Uint8Array | undefined
}

export interface TreeScan {
  readonly files: readonly FileStat[]
  /** Folders that could not be read: their files are unknown, not gone. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[]
}
