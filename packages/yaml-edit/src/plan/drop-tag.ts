import { type PlainValue, equalValues, isPlainList, isPlainMap } from '../plain-value.ts'
import type { Node } from '../syntax/node.ts'
import { resolveTagged } from '../syntax/tags.ts'
import type { Emission, Place } from './emission.ts'

/**
 * What a value takes the place of: the node, and its tag where the value does not fit that. A tag that does
 * not stand directly before the node is taken away by a splice of its own.
 */
export function withUnfitTag(out: Emission, node: Node, value: PlainValue, place: Place): Node {
  const { properties } = node
  if (properties?.tag === undefined || fits(node, properties.tag, value)) return node
  const { text } = out
  const tag = text.indexOf(properties.tag, properties.start)
  const end = tag + properties.tag.length
  if (properties.anchor === undefined && isOneLine(text.slice(end, node.end), node)) {
    return { ...node, start: tag, properties: undefined }
  }
  let start = tag
  while (isBlank(text.charCodeAt(start - 1))) start--
  out.splices.push({ start, end, text: '', path: place.path, action: 'set' })
  return node
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function isOneLine(text: string, node: Node): boolean {
  return !text.includes('\n') && (node.kind === 'scalar' || node.kind === 'alias' || node.flow)
}

/** A value of the same kind of collection, or a scalar whose text the tag makes that value. */
function fits(node: Node, tag: string, value: PlainValue): boolean {
  if (isPlainMap(value)) return node.kind === 'map'
  if (isPlainList(value)) return node.kind === 'list'
  if (node.kind !== 'scalar') return false
  return equalValues(resolveTagged(tag, value === null ? 'null' : String(value)), value)
}
