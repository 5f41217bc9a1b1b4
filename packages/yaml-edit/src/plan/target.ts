import type { PlainValue } from '../plain-value.ts'
import type { ListItem, ListNode, MapEntry, MapNode, Node } from '../syntax/node.ts'
import { setOwn, toValue } from '../syntax/to-value.ts'

/** What a node of the stored text is to become. */
export type Target = Same | Write | Members

/** Its text stays. */
interface Same {
  readonly kind: 'same'
  readonly node: Node
}

/** A value takes the place of the node. */
export interface Write {
  readonly kind: 'write'
  readonly node: Node | undefined
  readonly value: PlainValue
  /** Why a whole block is written anew where smaller edits might have done; for the plan. */
  readonly reason?: string
}

/** A map or list keeps some of its members, in the order given, and gets others. */
export interface Members {
  readonly kind: 'members'
  readonly node: MapNode | ListNode
  readonly members: Member[]
}

/** One entry of a map (with its key) or item of a list (without). */
export interface Member {
  readonly key: string | undefined
  /** The stored entry or item whose text and comments it takes; it may come from elsewhere in the document. */
  readonly source: MapEntry | ListItem | undefined
  readonly value: Target
}

export function sourceMembers(node: MapNode | ListNode): readonly (MapEntry | ListItem)[] {
  return node.kind === 'map' ? node.entries : node.items
}

/** The same collection, ready to have members changed. */
export function openMembers(node: MapNode | ListNode): Members {
  const members = sourceMembers(node).map((source): Member => ({
    key: 'key' in source ? source.key : undefined,
    source,
    value: { kind: 'same', node: source.value },
  }))
  return { kind: 'members', node, members }
}

/** The value that a target reads back as; aliases stand for what is stored now. */
export function targetValue(target: Target, text: string, document: number): PlainValue {
  if (target.kind === 'write') return target.value
  if (target.kind === 'same') return toValue(target.node, text, document) as PlainValue
  if (target.node.kind === 'list') {
    return target.members.map((member) => targetValue(member.value, text, document))
  }
  const map: Record<string, PlainValue> = {}
  const merges = target.members.filter(isMerge)
  for (const member of target.members) {
    if (!isMerge(member)) setOwn(map, member.key ?? '', targetValue(member.value, text, document))
  }
  if (merges.length > 0) {
    const entries = merges.map((member) => member.source as MapEntry)
    const merged = toValue({ ...target.node, entries }, text, document) as Record<string, PlainValue>
    for (const key of Object.keys(merged)) if (!Object.hasOwn(map, key)) setOwn(map, key, merged[key])
  }
  return map
}

export function isMerge(member: Member): boolean {
  return member.source !== undefined && 'merge' in member.source && member.source.merge && member.key === '<<'
}

/** True when nothing of it changes. */
export function isUnchanged(target: Target): boolean {
  if (target.kind === 'same') return true
  if (target.kind === 'write') return false
  const sources = sourceMembers(target.node)
  return (
    target.members.length === sources.length &&
    target.members.every((member, index) => {
      const source = sources[index]
      const key = source !== undefined && 'key' in source ? source.key : undefined
      return member.source === source && member.key === key && isUnchanged(member.value)
    })
  )
}
