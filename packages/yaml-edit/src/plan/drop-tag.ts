import { type PlainValue, equalValues, isPlainList, isPlainMap } from '../plain-value.ts'
import type { Node } from '../syntax/node.ts'
import { resolveTagged } from '../syntax/tags.ts'
import type { Emission, Place } from './emission.ts'

/** Takes the tag of a node away when the value that takes the place of the node does not fit it. */
export function dropTag(out: Emission, node: Node, value: PlainValue, place: Place): void {
  const { properties } = node
  if (properties?.tag === undefined || fits(node, properties.tag, value)) return
  const { text } = out
  const tag = text.indexOf(properties.tag, properties.start)
  let start = tag
  let end = tag + properties.tag.length
  while (isBlank(text.charCodeAt(start - 1))) start--
  if (start === tag || start === 0 || text[start - 1] === '\n') {
    // Nothing, or only the white space of the line, is before it.
    start = tag
    while (isBlank(text.charCodeAt(end)) && end < node.start) end++
  }
  out.splices.push({ start, end, text: '', path: place.path, action: 'set' })
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** A value of the same kind of collection, or a scalar whose text the tag makes that value. */
function fits(node: Node, tag: string, value: PlainValue): boolean {
  if (isPlainMap(value)) return node.kind === 'map'
  if (isPlainList(value)) return node.kind === 'list'
  if (node.kind !== 'scalar') return false
  return equalValues(resolveTagged(tag, value === null ? 'null' : String(value)), value)
}
