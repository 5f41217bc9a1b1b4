import type { FieldPath } from './errors.ts'

/** Line and column in the file, both from 1, the column in UTF-16 code units. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/** Most faults of one document that are reported: to find the place of each takes time. */
export const faultLimit = 1000

/** A key that its map already has. */
export interface DuplicateKey {
  readonly path: FieldPath
  readonly position: TextPosition
}

/** The value of one document, and where its parts stand. */
export interface ParsedDocument {
  readonly value: unknown
  /** At most {@link faultLimit} of them; the last one holds in `value`. */
  duplicateKeys(): readonly DuplicateKey[]
  /** Where the entry at a path stands; of a path that is not there, its nearest parent. */
  positionOf(path: FieldPath): TextPosition
  /** The text of an item of a list as a document of its own; `undefined` where it cannot stand alone. */
  textOf(path: FieldPath): string | undefined
}

/** Which text a document is, for messages. */
export interface DocumentPlace {
  /** The file. */
  readonly path?: string | undefined
  /** The line of the file that the text begins on, from 1. */
  readonly line?: number | undefined
}

/** `cars/foo.yaml:12:3`, or `line 12, column 3` without a file. */
export function formatPlace(path: string | undefined, position: TextPosition): string {
  return path === undefined ?
      `line ${position.line}, column ${position.column}`
    : `${path}:${position.line}:${position.column}`
}
