import type { Path } from '../path.ts'
import type { AliasNode, Node } from '../syntax/node.ts'
import { type DiffContext, aliasInTheWay, storedValue } from './diff-context.ts'
import { type Member, type Target, openMembers, sourceMembers } from './target.ts'

/**
 * Looks after aliases that stay while what they stand for changes or goes. With `refuse` they are an
 * error; with `expand` each is written out with the value that it had.
 *
 * @param changes - also aliases of what merely changes are looked after; a value that was compared as a
 *   whole has had its aliases compared already.
 */
export function guardAliases(context: DiffContext, target: Target, changes: boolean): Target {
  const touched = new Set<Node>()
  const isTouched = (node: Node): boolean => touched.has(node) || (changes && isTouchedWithin(node, touched))
  collectTouched(target, touched, changes)
  const guard = (each: Target, path: Path): Target => {
    if (each.kind === 'write') return each
    if (each.kind === 'same') return hasTouchedAlias(each.node, isTouched) ? guardNode(each.node, path) : each
    return { ...each, members: each.members.map((member, index) => guardMember(member, index, path)) }
  }
  const guardMember = (member: Member, index: number, path: Path): Member => {
    const inside = [...path, member.key ?? index]
    const key = member.source !== undefined && 'keyNode' in member.source ? member.source.keyNode : undefined
    if (key?.kind === 'alias' && isTouched(key.target)) throw aliasInTheWay(context, key, key.anchor, inside)
    return { ...member, value: guard(member.value, inside) }
  }
  const guardNode = (node: Node, path: Path): Target => {
    if (node.kind === 'alias') return expandAlias(context, node, path)
    if (node.kind === 'scalar') return { kind: 'same', node }
    return guard(openMembers(node), path)
  }
  return guard(target, [])
}

function expandAlias(context: DiffContext, node: AliasNode, path: Path): Target {
  if (context.aliases !== 'expand') throw aliasInTheWay(context, node, node.anchor, path)
  return { kind: 'write', node, value: storedValue(context, node) }
}

/** The nodes whose anchors go, or stand for something else afterwards. */
function collectTouched(target: Target, touched: Set<Node>, changes: boolean): void {
  if (target.kind === 'same') return
  if (target.kind === 'write') {
    if (target.node === undefined) return
    collectBelow(target.node, touched)
    if (!changes && target.node.kind !== 'alias') touched.delete(target.node)
    return
  }
  if (changes) touched.add(target.node)
  const kept = new Set(target.members.map((member) => member.source))
  for (const source of sourceMembers(target.node)) {
    if (kept.has(source)) continue
    if ('keyNode' in source) touched.add(source.keyNode)
    collectBelow(source.value, touched)
  }
  for (const member of target.members) {
    const { source } = member
    if (source !== undefined && 'keyNode' in source && source.key !== member.key) touched.add(source.keyNode)
    collectTouched(member.value, touched, changes)
  }
}

function collectBelow(node: Node, into: Set<Node>): void {
  into.add(node)
  if (node.kind === 'map' || node.kind === 'list') {
    for (const member of sourceMembers(node)) {
      if ('keyNode' in member) into.add(member.keyNode)
      collectBelow(member.value, into)
    }
  }
}

function hasTouchedAlias(node: Node, isTouched: (node: Node) => boolean): boolean {
  if (node.kind === 'alias') return isTouched(node.target)
  if (node.kind === 'scalar') return false
  return sourceMembers(node).some(
    (member) =>
      hasTouchedAlias(member.value, isTouched) ||
      ('keyNode' in member && hasTouchedAlias(member.keyNode, isTouched)),
  )
}

function isTouchedWithin(node: Node, touched: ReadonlySet<Node>): boolean {
  if (touched.has(node)) return true
  // An alias in it is looked after by itself.
  return (
    node.kind !== 'alias' &&
    node.kind !== 'scalar' &&
    sourceMembers(node).some((member) => isTouchedWithin(member.value, touched))
  )
}
