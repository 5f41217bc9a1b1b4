import { equalValues } from '@lg/runtime'
import { isYamlEditError, parseYaml, type YamlDocument } from '@lg/yaml-edit'
import type { FieldPath } from './errors.ts'
import { valueAt } from './value-at.ts'

/**
 * The lines of an item of a block list, with the comments above it, moved to the left: a document of its own.
 * `undefined` where they do not read as the item, such as for one that needs an anchor outside of it.
 */
export function itemText(text: string, document: YamlDocument, path: FieldPath): string | undefined {
  const place = document.locate(path)
  if (place === undefined) return undefined
  const lineStart = place.offset - (place.column - 1)
  const before = text.slice(lineStart, place.offset)
  if (!/^ *- +$/.test(before)) return undefined
  const lineEnd = text.indexOf('\n', place.end)
  const lines = text.slice(place.offset, lineEnd < 0 ? text.length : lineEnd + 1).split('\n')
  const indent = ' '.repeat(place.column - 1)
  const moved = lines.map((line, index) =>
    index === 0 || !line.startsWith(indent) ? line.trimStart() : line.slice(indent.length),
  )
  const result = [...commentsAbove(text, lineStart, before.indexOf('-')), ...moved].join('\n')
  return readsAs(result, valueAt(document.value, path)) ? result : undefined
}

/** The comment lines directly above a line, at a column. */
function commentsAbove(text: string, lineStart: number, column: number): string[] {
  const comments: string[] = []
  const above = text.slice(0, lineStart).split('\n').slice(0, -1)
  for (let line = above.pop(); line?.search(/\S/) === column && line[column] === '#'; line = above.pop()) {
    comments.unshift(line.slice(column))
  }
  return comments
}

function readsAs(text: string, value: unknown): boolean {
  try {
    return equalValues(parseYaml(text), value)
  } catch (error) {
    if (!isYamlEditError(error)) throw error
    return false
  }
}
