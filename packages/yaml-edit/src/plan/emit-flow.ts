import { emitFlowInline } from './emit-flow-inline.ts'
import { emitFlowLines, flowLines } from './emit-flow-lines.ts'
import type { Emission, Place } from './emission.ts'
import { writeFlowValue } from './flow-value.ts'
import { staying } from './order.ts'
import { type Members, sourceMembers, targetValue } from './target.ts'

/** Turns the changed members of a flow collection into splices. */
export function emitFlow(out: Emission, target: Members, place: Place): void {
  const { node, members } = target
  const sources = sourceMembers(node)
  // `[a: 1]` holds a map without braces, in which there is no place for a second entry.
  const isOpened = out.text[node.start] === '[' || out.text[node.start] === '{'
  if (members.length === 0 || sources.length === 0 || !isOpened) {
    writeFlowValue(out, node, { kind: 'write', node, value: targetValue(target, out.text, 0) }, place)
    return
  }
  const indexOf = new Map(sources.map((source, index) => [source, index]))
  const positions = members.map(({ source }) => (source === undefined ? undefined : indexOf.get(source)))
  const flow = { out, target, place, sources, positions, stay: staying(positions) }
  const lines = flowLines(out.text, node)
  if (lines === undefined) emitFlowInline(flow)
  else emitFlowLines(flow, lines)
}
