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
  return list.items.map((value, index) => {
    const path = ['items', index]
    const text = parsed.textOf(path)
    const duplicateKeys = parsed.duplicateKeys
      .filter(({ path: [field, item] }) => field === 'items' && item === index)
      .map(({ path: [, , ...inner], position }) => ({ path: inner, position }))
    return {
      document: {
        ...document,
        text: text ?? document.text,
        isPart: text === undefined,
        separator: '',
        index: undefined,
      },
      parsed: {
        value,
        duplicateKeys,
        positionOf: (inner) => parsed.positionOf([...path, ...inner]),
        textOf: (inner) => parsed.textOf([...path, ...inner]),
      },
    }
  })
}
