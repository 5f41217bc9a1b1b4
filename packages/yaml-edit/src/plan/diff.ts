import type { Path } from '../path.ts'
import { type PlainMap, type PlainValue, equalValues, isPlainList, isPlainMap } from '../plain-value.ts'
import type { AliasNode, ListNode, MapEntry, MapNode, Node } from '../syntax/node.ts'
import { mergedEntries } from '../syntax/to-value.ts'
import { type DiffContext, aliasInTheWay, wantedValue } from './diff-context.ts'
import { matchItems } from './match-lists.ts'
import { renamedKeys } from './match-keys.ts'
import type { Member, Target } from './target.ts'

/** Finds the smallest change that makes a stored node have a value. */
export function diffNode(context: DiffContext, node: Node, value: PlainValue, path: Path): Target {
  context.wanted.set(node, value)
  if (node.kind === 'alias') return diffAlias(context, node, value, path)
  if (node.kind === 'map' && isPlainMap(value)) return diffMap(context, node, value, path)
  if (node.kind === 'list' && isPlainList(value)) return diffList(context, node, value, path)
  if (node.kind === 'scalar' && equalValues(node.value, value)) return { kind: 'same', node }
  return { kind: 'write', node, value }
}

function diffAlias(context: DiffContext, node: AliasNode, value: PlainValue, path: Path): Target {
  const anchored = wantedValue(context, node.target)
  if (equalValues(anchored, value)) return { kind: 'same', node }
  if (context.aliases === 'expand') return { kind: 'write', node, value }
  throw aliasInTheWay(context, node, node.anchor, path)
}

function diffMap(context: DiffContext, node: MapNode, value: PlainMap, path: Path): Target {
  const stored = new Map<string, MapEntry>()
  for (const entry of node.entries) if (!entry.merge) stored.set(entry.key, entry)
  const merges = node.entries.filter((entry) => entry.merge)
  const merged = merges.length === 0 ? undefined : new Map([...mergedEntries(node, context)].reverse())
  const removed = [...stored.values()].filter((entry) => !Object.hasOwn(value, entry.key))
  const added = Object.keys(value).filter((key) => !stored.has(key) && !merged?.has(key))
  const renamed = renamedKeys(context, node, removed, added, value)

  const members: Member[] = []
  const expand = merged !== undefined && [...merged.keys()].some((key) => !Object.hasOwn(value, key))
  let changed = false
  for (const entry of node.entries) {
    if (entry.merge && !expand) {
      members.push({ key: entry.key, source: entry, value: { kind: 'same', node: entry.value } })
      continue
    }
    const key =
      entry.merge ? undefined
      : Object.hasOwn(value, entry.key) ? entry.key
      : renamed.get(entry.key)
    if (key === undefined) {
      if (entry.merge && context.aliases !== 'expand') throw aliasInTheWay(context, entry.value, '<<', path)
      changed = true
      continue
    }
    const target = diffNode(context, entry.value, value[key] as PlainValue, [...path, key])
    if (target.kind !== 'same' || key !== entry.key) changed = true
    members.push({ key, source: entry, value: target })
  }
  const taken = new Set(members.map((member) => member.key))
  for (const key of Object.keys(value)) {
    if (taken.has(key)) continue
    const wanted = value[key] as PlainValue
    const inherited = expand ? undefined : merged?.get(key)
    if (inherited !== undefined) {
      const stands = wantedValue(context, inherited)
      if (equalValues(stands, wanted)) continue
    }
    changed = true
    members.push({ key, source: undefined, value: { kind: 'write', node: undefined, value: wanted } })
  }
  return changed ? { kind: 'members', node, members } : { kind: 'same', node }
}

function diffList(context: DiffContext, node: ListNode, value: readonly PlainValue[], path: Path): Target {
  const matches = matchItems(context, node, value, path)
  let changed = value.length !== node.items.length
  const members = value.map((wanted, index): Member => {
    const position = matches[index]
    const source = position === undefined ? undefined : node.items[position]
    if (position !== index) changed = true
    if (source === undefined) {
      return { key: undefined, source: undefined, value: { kind: 'write', node: undefined, value: wanted } }
    }
    const target = diffNode(context, source.value, wanted, [...path, index])
    if (target.kind !== 'same') changed = true
    return { key: undefined, source, value: target }
  })
  return changed ? { kind: 'members', node, members } : { kind: 'same', node }
}
