import { isFilled, renderJsonLines, writeKey } from '../format/render.ts'
import type { Path } from '../path.ts'
import type { PlainValue } from '../plain-value.ts'
import { lineStartAt, nextLineAt } from '../position.ts'
import { quoted } from '../scalar/write-scalar.ts'
import type { ListItem, ListNode, MapEntry, MapNode } from '../syntax/node.ts'
import { type Emission, type Place, gatheringInto } from './emission.ts'
import { flowText, isJson } from './flow-value.ts'
import { firstOnLine } from './layout.ts'
import { renameKey } from './rename-key.ts'
import { type Splice, applySplices, sortSplices } from './splices.ts'
import { type Member, type Members, targetValue } from './target.ts'
import { siblingQuote } from './write-value.ts'

export type FlowSource = MapEntry | ListItem

/** A flow collection that gets other members. */
export interface FlowCollection {
  readonly out: Emission
  readonly target: Members
  readonly place: Place
  readonly sources: readonly FlowSource[]
  /** For each wanted member, the index of the stored one that it comes from. */
  readonly positions: readonly (number | undefined)[]
  /** The stored ones that stay where they are. */
  readonly stay: ReadonlySet<number>
}

export function memberPath({ place }: FlowCollection, member: Member, index: number): Path {
  return [...place.path, member.key ?? index]
}

export function sourcePath({ place, sources }: FlowCollection, index: number): Path {
  const source = sources[index]
  return [...place.path, source !== undefined && 'key' in source ? source.key : index]
}

/** A member that is kept: its key, and what is inside it. */
export function emitFlowMember(flow: FlowCollection, member: Member, index: number): void {
  const { out, place, target } = flow
  const { source } = member
  if (source === undefined) return
  const path = memberPath(flow, member, index)
  if ('key' in source && member.key !== undefined && member.key !== source.key) {
    renameKey(out, source, member.key, path, { inFlow: true, json: out.json || isJson(target.node) })
  }
  out.emit(out, member.value, source.value, { kind: 'flow', path, line: place.line })
}

/** A range of the stored text with the changes of a member in it, and others. */
export function changedText(
  flow: FlowCollection,
  member: Member,
  index: number,
  [start, end]: readonly [number, number],
  more: readonly Splice[] = [],
): string {
  const within = gatheringInto([...more], flow.out)
  emitFlowMember({ ...flow, out: within }, member, index)
  return applySplices(flow.out.text, sortSplices(within.splices), start, end)
}

/** The text of a new member; `pad` is what stands before it on a line of its own. */
export function newFlowText({ out, target }: FlowCollection, member: Member, pad?: string): string {
  const { node } = target
  const value = targetValue(member.value, out.text, 0)
  const quote = siblingQuote(node, undefined)
  const text =
    out.json && pad !== undefined && isFilled(value) ? jsonText(out, node, value, pad)
    : typeof value === 'string' && quote !== undefined ? quoted(value, quote)
    : flowText(out, node, value, undefined)
  if (node.kind === 'list') return text
  const key = member.key ?? ''
  const json = out.json || isJson(node)
  return `${json ? quoted(key, 'double') : writeKey(key, out.style().quote, true)}: ${text}`
}

/** A value of a JSON document that has its members on lines of their own. */
function jsonText(out: Emission, node: MapNode | ListNode, value: PlainValue, pad: string): string {
  const line = lineStartAt(out.text, node.start)
  const outer = out.text.slice(line, firstOnLine(out.text, line))
  const step = pad.startsWith(outer) ? pad.slice(outer.length) : '  '
  return renderJsonLines(value, pad, step === '' ? '  ' : step, out.newline)
}

/** The offset of the comma after a member, or -1 when the collection ends there. */
export function commaAfter(text: string, end: number, limit: number): number {
  for (let at = end; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x2c) return at
    if (code === 0x23) at = nextLineAt(text, at) - 1
    else if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return -1
  }
  return -1
}
