import type { DocumentText } from './decode-document.ts'
import type { ObjectList } from './lists.ts'
import type { DuplicateKey, ParsedDocument } from './parsed-document.ts'

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
  const duplicateKeys = new Map<unknown, DuplicateKey[]>()
  for (const { path, position } of parsed.duplicateKeys()) {
    const [field, index, ...inner] = path
    const others = field === 'items' ? duplicateKeys.get(index) : []
    if (others === undefined) duplicateKeys.set(index, [{ path: inner, position }])
    else others.push({ path: inner, position })
  }
  return list.items.map((value, index) => {
    const path = ['items', index]
    const text = parsed.textOf(path)
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
        duplicateKeys: () => duplicateKeys.get(index) ?? [],
        positionOf: (inner) => parsed.positionOf([...path, ...inner]),
        textOf: (inner) => parsed.textOf([...path, ...inner]),
      },
    }
  })
}
