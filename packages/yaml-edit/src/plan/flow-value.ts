import { renderFlow } from '../format/render.ts'
import type { PlainValue } from '../plain-value.ts'
import { quoted } from '../scalar/write-scalar.ts'
import type { Node } from '../syntax/node.ts'
import { withUnfitTag } from './drop-tag.ts'
import type { Emission, Place } from './emission.ts'
import type { Write } from './target.ts'
import { displace } from './write-value.ts'

/** Writes a value in place of a node, in flow style on one line. */
export function writeFlowValue(out: Emission, tagged: Node, target: Write, place: Place): void {
  const node = withUnfitTag(out, tagged, target.value, place)
  if (node.kind === 'map' || node.kind === 'list') displace(out, node.start, node.end, node, place)
  const before =
    node.kind === 'scalar' && node.style === 'empty' && /[^\s[{(]$/.test(out.text.slice(0, node.start)) ?
      ' '
    : ''
  const text = before + flowText(out, node, target.value, node)
  const action = target.reason === undefined ? 'set' : 'rewrite'
  const splice = { start: node.start, end: node.end, text, path: place.path, action } as const
  out.splices.push(target.reason === undefined ? splice : { ...splice, reason: target.reason })
}

/** A value in flow style, in the quotes of what it takes the place of, and spaced as what is near. */
export function flowText(out: Emission, near: Node, value: PlainValue, old: Node | undefined): string {
  if (
    typeof value === 'string' &&
    old?.kind === 'scalar' &&
    (old.style === 'single' || old.style === 'double')
  ) {
    return quoted(value, old.style)
  }
  const json = out.json || isJson(near)
  return renderFlow(value, out.style().quote, json, out.text.startsWith('{ ', near.start))
}

/** A flow map with all keys in double quotes, as JSON has them. */
export function isJson(node: Node): boolean {
  return (
    node.kind === 'map' &&
    node.flow &&
    node.entries.length > 0 &&
    node.entries.every((e) => e.keyNode.kind === 'scalar' && e.keyNode.style === 'double')
  )
}
