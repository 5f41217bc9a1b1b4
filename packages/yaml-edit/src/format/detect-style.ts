import { columnAt } from '../plan/layout.ts'
import type { MapNode, Node } from '../syntax/node.ts'
import type { Style } from './render.ts'

/** How the document is written, by majority: indentation of maps and of lists, and which quotes. */
export function detectStyle(text: string, root: Node): Style {
  const counts = {
    indents: new Map<number, number>(),
    listIndents: new Map<number, number>(),
    single: 0,
    double: 0,
  }
  const pending: Node[] = [root]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'list') {
      for (const item of node.items) pending.push(item.value)
    } else if (node.kind === 'map') {
      const column = node.flow || node.entries.length === 0 ? 0 : columnAt(text, node.start)
      for (const entry of node.entries) {
        pending.push(entry.value)
        if (node.flow || entry.value.kind === 'scalar' || entry.value.kind === 'alias' || entry.value.flow)
          continue
        const deeper = columnAt(text, entry.value.start) - column
        count(entry.value.kind === 'map' ? counts.indents : counts.listIndents, deeper)
      }
    } else if (node.kind === 'scalar') {
      if (node.style === 'single') counts.single++
      if (node.style === 'double') counts.double++
    }
  }
  const listIndent = mostFrequent(counts.listIndents) ?? 0
  const indent = mostFrequent(counts.indents) ?? (listIndent > 0 ? listIndent : 2)
  return { indent, listIndent, quote: counts.single > counts.double ? 'single' : 'double', blocks: true }
}

/** The style for a new entry of this map: its own lists show better than the majority how lists stand. */
export function styleWithin(text: string, map: MapNode, style: Style): Style {
  const column = columnAt(text, map.start)
  for (const { value } of map.entries) {
    if (value.kind === 'list' && !value.flow && value.items.length > 0) {
      return { ...style, listIndent: Math.max(columnAt(text, value.start) - column, 0) }
    }
  }
  return style
}

function count(counts: Map<number, number>, deeper: number): void {
  if (deeper >= 0) counts.set(deeper, (counts.get(deeper) ?? 0) + 1)
}

function mostFrequent(counts: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined
  for (const [width, times] of counts) if (best === undefined || times > (counts.get(best) ?? 0)) best = width
  return best
}
