import type { DocumentText } from './decode-document.ts'
import type { ObjectList } from './lists.ts'
import type { ParsedDocument } from './parsed-document.ts'

/** One item of a list as a document of its own. */
export interface ListItemDocument {
  readonly document: DocumentText
  readonly parsed: ParsedDocument
}

/** The items of a list, each placed where it stands in the list's document. */
export function readListItems(
  document: DocumentText,
  parsed: ParsedDocument,
  list: ObjectList,
): readonly ListItemDocument[] {
  return list.items.map((value, index) => ({
    document: { ...document, isPart: true },
    parsed: {
      value,
      duplicateKeys: parsed.duplicateKeys
        .filter(({ path }) => path[0] === 'items' && path[1] === index)
        .map(({ path, position }) => ({ path: path.slice(2), position })),
      positionOf: (path) => parsed.positionOf(['items', index, ...path]),
    },
  }))
}
