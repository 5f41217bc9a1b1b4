import type { Path } from '../../src/index.ts'
import type { ListNode, MapNode, Node, ScalarNode } from '../../src/syntax/node.ts'

/** A node with the path that leads to it. */
interface Found<Kind extends Node> {
  readonly path: Path
  readonly node: Kind
}

/** The nodes of a document that a test can pick from. */
export interface ManifestNodes {
  readonly scalars: readonly Found<ScalarNode>[]
  readonly maps: readonly Found<MapNode>[]
  readonly lists: readonly Found<ListNode>[]
}

export function nodesOf(root: Node): ManifestNodes {
  const scalars: Found<ScalarNode>[] = []
  const maps: Found<MapNode>[] = []
  const lists: Found<ListNode>[] = []
  const visit = (node: Node, path: Path): void => {
    if (node.kind === 'scalar') scalars.push({ path, node })
    if (node.kind === 'map') {
      if (node.entries.length > 0) maps.push({ path, node })
      for (const entry of node.entries) if (!entry.merge) visit(entry.value, [...path, entry.key])
    }
    if (node.kind === 'list') {
      if (node.items.length > 0) lists.push({ path, node })
      for (const [index, item] of node.items.entries()) visit(item.value, [...path, index])
    }
  }
  visit(root, [])
  return { scalars, maps, lists }
}
