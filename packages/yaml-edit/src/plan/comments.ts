import { type Node, outerStart } from '../syntax/node.ts'

/** A comment of the stored text, its `#` included. */
export interface Comment {
  readonly text: string
  readonly start: number
}

/** The comments between two offsets, in and around a node; a `#` inside a scalar is none. */
export function commentsBetween(text: string, from: number, to: number, nodes: readonly Node[]): Comment[] {
  const scalars: [number, number][] = []
  for (const node of nodes) collectScalars(text, node, scalars)
  const comments: Comment[] = []
  const region = text.slice(from, to)
  let at = from
  let index = 0
  while (at < to) {
    const found = region.indexOf('#', at - from)
    if (found < 0) break
    const hash = from + found
    while (index < scalars.length && (scalars[index]?.[1] ?? 0) <= hash) index++
    const scalar = scalars[index]
    if (scalar !== undefined && scalar[0] <= hash) {
      at = scalar[1]
      continue
    }
    const before = text[hash - 1] ?? '\n'
    if (!' \t\r\n\ufeff'.includes(before)) {
      at = hash + 1
      continue
    }
    const feed = text.indexOf('\n', hash)
    const end = feed < 0 || feed > to ? to : feed
    const comment = text.slice(hash, end).trimEnd()
    comments.push({ text: comment, start: hash })
    at = end
  }
  return comments
}

function collectScalars(text: string, node: Node, into: [number, number][]): void {
  if (node.kind === 'map') {
    for (const entry of node.entries) {
      collectScalars(text, entry.keyNode, into)
      collectScalars(text, entry.value, into)
    }
  } else if (node.kind === 'list') {
    for (const item of node.items) collectScalars(text, item.value, into)
  } else if (node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')) {
    // The header may carry a comment; the text below may not.
    const body = text.indexOf('\n', node.start)
    into.push([outerStart(node), node.start])
    if (body >= 0 && body < node.end) into.push([body, node.end])
  } else {
    into.push([outerStart(node), node.end])
  }
}
