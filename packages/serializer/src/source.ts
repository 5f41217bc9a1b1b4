import type { ContentType } from './content-type.ts'
import type { FieldPath } from './errors.ts'
import { createNotes } from './notes.ts'

/** Where an object was read from, kept beside the object and never in it. */
export interface Source {
  /** Its document; `undefined` for an item of a list, which has no text of its own. */
  readonly text: string | undefined
  readonly contentType: ContentType
  /** What stood before and after it in its stream. */
  readonly separator: string
  readonly trailing: string
  /** It was the first document of its stream. */
  readonly first: boolean
  /** Values that defaulting put where the text has none: not written while they are unchanged. */
  readonly filled: readonly FilledField[]
}

export interface FilledField {
  readonly path: FieldPath
  readonly value: unknown
}

/** Sources by object. An object that is let go takes its source along. */
export interface Sources {
  get(object: object): Source | undefined
  set(object: object, source: Source): void
  /** True when an object of this group and kind was read. */
  hasRead(groupKind: string): boolean
  markRead(groupKind: string): void
}

export function createSources(): Sources {
  const read = new Set<string>()
  return {
    ...createNotes<Source>(),
    hasRead: (groupKind) => read.has(groupKind),
    markRead: (groupKind) => void read.add(groupKind),
  }
}
