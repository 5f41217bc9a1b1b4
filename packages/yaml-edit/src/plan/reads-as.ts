import { type PlainValue, equalValues, isPlainList, isPlainMap } from '../plain-value.ts'
import type { MapEntry, MapNode, Node } from '../syntax/node.ts'
import type { Members, Target } from './target.ts'

/**
 * Whether a tree without aliases and merge keys reads as a target says, compared node by node so that no
 * value has to be built.
 */
export function readsAsTarget(node: Node, target: Target): boolean {
  if (target.kind === 'same') return readsAsNode(node, target.node)
  if (target.kind === 'write') return readsAsValue(node, target.value)
  return readsAsMembers(node, target)
}

function readsAsMembers(node: Node, target: Members): boolean {
  const { members } = target
  if (node.kind === 'list') {
    return (
      target.node.kind === 'list' &&
      node.items.length === members.length &&
      node.items.every((item, index) =>
        readsAsTarget(item.value, (members[index] as Members['members'][number]).value),
      )
    )
  }
  if (node.kind !== 'map' || target.node.kind !== 'map' || node.entries.length !== members.length)
    return false
  const inOrder = node.entries.every((entry, index) => entry.key === members[index]?.key)
  const byKey = inOrder ? undefined : keyed(node)
  return members.every(({ key, value }, index) => {
    const entry = byKey === undefined ? node.entries[index] : byKey.get(key ?? '')
    return entry !== undefined && readsAsTarget(entry.value, value)
  })
}

function readsAsNode(node: Node, other: Node): boolean {
  if (node.kind === 'scalar') return other.kind === 'scalar' && equalValues(node.value, other.value)
  if (node.kind === 'list') {
    return (
      other.kind === 'list' &&
      node.items.length === other.items.length &&
      node.items.every((item, index) => readsAsNode(item.value, (other.items[index] as typeof item).value))
    )
  }
  if (node.kind !== 'map' || other.kind !== 'map' || node.entries.length !== other.entries.length)
    return false
  // It stands in another place, but what is in it was not touched, and so is in order.
  return node.entries.every((entry, index) => {
    const before = other.entries[index]
    return before !== undefined && before.key === entry.key && readsAsNode(entry.value, before.value)
  })
}

/** Whether a tree without aliases and merge keys reads as a value. */
export function readsAsValue(node: Node, value: PlainValue): boolean {
  if (node.kind === 'scalar') return equalValues(node.value, value)
  if (node.kind === 'list') {
    return (
      isPlainList(value) &&
      value.length === node.items.length &&
      node.items.every((item, index) => readsAsValue(item.value, value[index] as PlainValue))
    )
  }
  if (node.kind !== 'map' || !isPlainMap(value) || Object.keys(value).length !== node.entries.length)
    return false
  return node.entries.every(
    ({ key, value: inner }) => Object.hasOwn(value, key) && readsAsValue(inner, value[key] as PlainValue),
  )
}

function keyed(node: MapNode): ReadonlyMap<string, MapEntry> {
  return new Map(node.entries.map((entry) => [entry.key, entry]))
}
