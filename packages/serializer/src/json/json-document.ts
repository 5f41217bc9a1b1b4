import { parseJson, runtimeErrors } from '@lg/runtime'
import { serializerErrors, type FieldPath } from '../errors.ts'
import {
  faultLimit,
  formatPlace,
  type DocumentPlace,
  type ParsedDocument,
  type TextPosition,
} from '../parsed-document.ts'
import { readJsonTree, type JsonNode } from './json-tree.ts'

/**
 * Parses a JSON document; a byte order mark before it is passed over.
 *
 * @throws {LgError} `INVALID_DOCUMENT`.
 */
export function parseJsonDocument(text: string, place: DocumentPlace): ParsedDocument {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const value = parse(body, place)
  const at = (offset: number): TextPosition => positionAt(body, offset, place.line ?? 1)
  let tree: JsonNode | undefined
  const root = (): JsonNode => (tree ??= readJsonTree(body))
  return {
    value,
    duplicateKeys: () =>
      repeatedKeys(root(), [])
        .slice(0, faultLimit)
        .map(({ path, offset }) => ({ path, position: at(offset) })),
    positionOf: (path) => at(offsetOf(root(), path).start),
    textOf(path) {
      const { start, end, found } = offsetOf(root(), path)
      const indent = /[^\n]*$/.exec(body.slice(0, start))?.[0].match(/^[ \t]*/)?.[0] ?? ''
      return found ? body.slice(start, end).replaceAll(`\n${indent}`, '\n') : undefined
    },
  }
}

function parse(text: string, { path, line = 1 }: DocumentPlace): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (!runtimeErrors.is(error, 'INVALID_JSON')) throw error
    const position = { line: line + error.details.line - 1, column: error.details.column }
    const reason = error.message.replace(/^.*?: /, '')
    throw serializerErrors.create(
      'INVALID_DOCUMENT',
      `${formatPlace(path, position)}: not JSON: ${reason}`,
      { path, ...position, reason },
      { cause: error },
    )
  }
}

function repeatedKeys(node: JsonNode, path: FieldPath): { path: FieldPath; offset: number }[] {
  const found: { path: FieldPath; offset: number }[] = []
  const keys = new Set<string>()
  for (const { key, start, value } of node.entries ?? []) {
    if (keys.has(key)) found.push({ path: [...path, key], offset: start })
    keys.add(key)
    found.push(...repeatedKeys(value, [...path, key]))
  }
  node.items?.forEach((item, index) => found.push(...repeatedKeys(item, [...path, index])))
  return found
}

/** Where the entry at a path stands, or as much of the path as there is. */
function offsetOf(root: JsonNode, path: FieldPath): { start: number; end: number; found: boolean } {
  let node = root
  let start = root.start
  for (const part of path) {
    const entry = node.entries?.findLast(({ key }) => key === part)
    const next = entry?.value ?? (typeof part === 'number' ? node.items?.[part] : undefined)
    if (next === undefined) return { start, end: node.end, found: false }
    start = entry?.start ?? next.start
    node = next
  }
  return { start, end: node.end, found: true }
}

function positionAt(text: string, offset: number, firstLine: number): TextPosition {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: firstLine + before.split('\n').length - 1, column: before.length - lineStart + 1 }
}
