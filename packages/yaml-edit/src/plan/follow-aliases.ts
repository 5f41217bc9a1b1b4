import type { Path } from '../path.ts'
import type { PlainValue } from '../plain-value.ts'
import type { MapNode, Node } from '../syntax/node.ts'
import { mergedEntries, setOwn } from '../syntax/to-value.ts'
import type { DiffContext } from './diff-context.ts'
import { type Member, type Target, isMerge, openMembers } from './target.ts'

/**
 * Where an edit takes place when aliases stand for their anchors: the part of the path that leads to an
 * alias is replaced by the path of its anchor. The last part stays, unless the value there is asked for.
 */
export function pathThroughAnchors(root: Target, path: Path, toValue: boolean): Path {
  let target = root
  let taken: Path = []
  for (const [depth, part] of path.entries()) {
    const member = memberAt(target, part)
    if (member === undefined) return [...taken, ...path.slice(depth)]
    taken = [...taken, part]
    target = member.value
    const last = depth === path.length - 1
    if (target.kind !== 'same' || target.node.kind !== 'alias' || (last && !toValue)) continue
    const anchor = target.node.target
    const found = pathOf(root, anchor)
    if (found === undefined) return path
    taken = found.path
    target = found.target
  }
  return taken
}

function memberAt(target: Target, part: string | number): Member | undefined {
  if (target.kind === 'write' || target.node.kind === 'scalar' || target.node.kind === 'alias')
    return undefined
  const { members, node } = target.kind === 'members' ? target : openMembers(target.node as MapNode)
  if (node.kind === 'list') return members[Number(part)]
  return members.find((member) => member.key === String(part) && !isMerge(member))
}

interface Found {
  readonly path: Path
  readonly target: Target
}

function pathOf(target: Target, node: Node, path: Path = []): Found | undefined {
  if (target.node === node) return { path, target }
  if (target.kind === 'write' || target.node.kind === 'scalar' || target.node.kind === 'alias')
    return undefined
  const { members } = target.kind === 'members' ? target : openMembers(target.node)
  for (const [index, member] of members.entries()) {
    const found = pathOf(member.value, node, [...path, member.key ?? index])
    if (found !== undefined) return found
  }
  return undefined
}

/** The value that a target reads back as when aliases stand for what their anchors become. */
export function valueWithFollowers(context: DiffContext, root: Target): PlainValue {
  const become = new Map<Node, Target>()
  const collect = (target: Target): void => {
    if (target.node !== undefined && target.kind !== 'same') become.set(target.node, target)
    if (target.kind === 'members') for (const member of target.members) collect(member.value)
  }
  collect(root)

  const ofTarget = (target: Target): PlainValue => {
    if (target.kind === 'write') return target.value
    if (target.kind === 'same') return ofNode(target.node)
    return target.node.kind === 'list' ?
        target.members.map((member) => ofTarget(member.value))
      : ofMembers(target.members, target.node)
  }
  const ofNode = (node: Node): PlainValue => {
    const target = become.get(node)
    if (target !== undefined) return ofTarget(target)
    if (node.kind === 'alias') return ofNode(node.target)
    if (node.kind === 'scalar') return node.value
    return ofTarget({ ...openMembers(node), node })
  }
  const ofMembers = (members: readonly Member[], node: MapNode): PlainValue => {
    const map: Record<string, PlainValue> = {}
    for (const member of members) if (!isMerge(member)) setOwn(map, member.key ?? '', ofTarget(member.value))
    for (const [key] of mergedEntries(node, context)) {
      if (!Object.hasOwn(map, key)) setOwn(map, key, mergedValue(node, key))
    }
    return map
  }
  const mergedValue = (node: MapNode, key: string): PlainValue => {
    for (const entry of node.entries) {
      if (!entry.merge) continue
      const merged = ofNode(entry.value)
      for (const each of Array.isArray(merged) ? merged : [merged]) {
        if (Object.hasOwn(each as object, key)) return (each as Record<string, PlainValue>)[key] as PlainValue
      }
    }
    return null
  }
  return ofTarget(root)
}
