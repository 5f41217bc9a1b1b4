import { YamlEditError } from '../errors.ts'
import { type Path, formatPath } from '../path.ts'
import { type PlainMap, type PlainValue, isPlainList, isPlainMap, toPlainValue } from '../plain-value.ts'
import { positionAt } from '../position.ts'
import type { Node } from '../syntax/node.ts'
import { mergedEntries, setOwn } from '../syntax/to-value.ts'
import { diffNode } from './diff.ts'
import { type DiffContext, aliasInTheWay, storedValue } from './diff-context.ts'
import { pathThroughAnchors } from './follow-aliases.ts'
import { type Member, type Members, type Target, openMembers, targetValue } from './target.ts'

/** One change of a document, at a path of keys and list indices. */
export type YamlEdit =
  /** Gives the value at the path another value; what is missing on the way becomes block maps. */
  | { readonly op: 'set'; readonly path: Path; readonly value: unknown }
  /** Takes an entry or item away. */
  | { readonly op: 'delete'; readonly path: Path }
  /** Adds an item at the end of the list at the path; a missing list is made. */
  | { readonly op: 'append'; readonly path: Path; readonly value: unknown }
  /** Gives the entry at the path another key, in its place. */
  | { readonly op: 'rename'; readonly path: Path; readonly to: string }

/** The target after the edits, made one after the other. */
export function applyEdits(context: DiffContext, root: Node, edits: readonly YamlEdit[]): Target {
  let target: Target = { kind: 'same', node: root }
  for (const edit of edits) {
    const path =
      context.aliases === 'anchor' ?
        pathThroughAnchors(target, edit.path, edit.op === 'set' || edit.op === 'append')
      : edit.path
    target = editAt(context, target, { ...edit, path }, 0)
  }
  return target
}

function editAt(context: DiffContext, target: Target, edit: YamlEdit, depth: number): Target {
  if (depth === edit.path.length && (edit.op === 'set' || edit.op === 'append'))
    return editHere(context, target, edit)
  const part = edit.path[depth]
  if (part === undefined) {
    if (edit.op !== 'delete') throw missing(context, edit.path)
    return { kind: 'write', node: nodeOf(target), value: null }
  }
  if (target.kind === 'write') return { ...target, value: editValue(context, target.value, edit, depth) }
  const opened = target.kind === 'members' ? target : open(context, target.node, edit, depth)
  if (opened.kind === 'write') return opened
  const index = findMember(context, opened, part, edit, depth)
  const last = depth === edit.path.length - 1
  const member = opened.members[index]
  const members = [...opened.members]
  if (member === undefined) {
    members.push(newMember(context, opened, part, edit, depth))
  } else if (last && edit.op === 'delete') {
    members.splice(index, 1)
  } else if (last && edit.op === 'rename') {
    members[index] = renamed(context, opened, member, edit)
  } else {
    members[index] = { ...member, value: editAt(context, member.value, edit, depth + 1) }
  }
  return { ...opened, members }
}

function nodeOf(target: Target): Node | undefined {
  return target.node
}

/** A stored node as a collection whose members can change; null becomes a map, or a list for an append. */
function open(
  context: DiffContext,
  node: Node,
  edit: YamlEdit,
  depth: number,
): Target & { kind: 'members' | 'write' } {
  if (node.kind === 'map' || node.kind === 'list') return openMembers(node)
  if (node.kind === 'alias') {
    if (context.aliases !== 'expand') throw aliasInTheWay(context, node, node.anchor, edit.path)
    return { kind: 'write', node, value: editValue(context, storedValue(context, node), edit, depth) }
  }
  return { kind: 'write', node, value: editValue(context, node.value, edit, depth) }
}

function findMember(
  context: DiffContext,
  target: Members,
  part: string | number,
  edit: YamlEdit,
  depth: number,
): number {
  const { members, node } = target
  const last = depth === edit.path.length - 1
  if (node.kind === 'list') {
    const index =
      typeof part === 'number' ? part
      : /^(?:0|[1-9]\d*)$/.test(part) ? Number(part)
      : -1
    const allowed = edit.op === 'set' ? members.length : members.length - 1
    if (!Number.isInteger(index) || index < 0 || index > allowed)
      throw missing(context, edit.path.slice(0, depth + 1))
    return index
  }
  const found = members.findIndex((member) => member.key === String(part) && !isMergeMember(member))
  if (found >= 0) return found
  const asWritten = members.findIndex((member) => isWrittenAs(context.text, member, String(part)))
  if (asWritten >= 0) return asWritten
  const merged = [...mergedEntries(node, context)].find(([key]) => key === String(part))
  if (merged !== undefined && (!last || edit.op !== 'set'))
    throw aliasInTheWay(context, node, '<<', edit.path)
  if (last ? edit.op === 'set' || edit.op === 'append' : edit.op === 'set' || edit.op === 'append')
    return members.length
  throw missing(context, edit.path.slice(0, depth + 1))
}

function isMergeMember(member: Member): boolean {
  return member.source !== undefined && 'merge' in member.source && member.source.merge
}

/** `on` and `y` are booleans to Kubernetes, so their keys read `true`; a path may name them as they stand. */
function isWrittenAs(text: string, member: Member, key: string): boolean {
  if (member.source === undefined || !('keyNode' in member.source) || member.key !== member.source.key)
    return false
  const { keyNode } = member.source
  return text.length >= keyNode.end && text.slice(keyNode.start, keyNode.end) === key
}

function newMember(
  context: DiffContext,
  target: Members,
  part: string | number,
  edit: YamlEdit,
  depth: number,
): Member {
  const value = editValue(context, null, edit, depth + 1)
  const key = target.node.kind === 'map' ? String(part) : undefined
  return { key, source: undefined, value: { kind: 'write', node: undefined, value } }
}

function renamed(
  context: DiffContext,
  target: Members,
  member: Member,
  edit: YamlEdit & { op: 'rename' },
): Member {
  if (target.node.kind !== 'map') throw missing(context, edit.path)
  if (member.key === edit.to) return member
  const other = target.members.find((each) => each.key === edit.to)
  if (other !== undefined) throw keyExists(context, edit, other.source?.start ?? target.node.start)
  return { ...member, key: edit.to }
}

function editHere(context: DiffContext, target: Target, edit: YamlEdit & { op: 'set' | 'append' }): Target {
  if (edit.op === 'set') {
    const value = toPlainValue(edit.value, edit.path)
    if (target.kind === 'write') return { ...target, value }
    return target.kind === 'same' && target.node.kind !== 'alias' ?
        diffNode(context, target.node, value, edit.path)
      : replaced(context, target, value, edit.path)
  }
  const value = toPlainValue(edit.value, edit.path)
  if (target.kind === 'write') return { ...target, value: appended(context, target.value, value, edit.path) }
  const { node } = target
  if (node.kind === 'alias' && context.aliases !== 'expand')
    throw aliasInTheWay(context, node, node.anchor, edit.path)
  if (node.kind !== 'list') {
    return {
      kind: 'write',
      node,
      value: appended(context, targetValue(target, context.text, context.document), value, edit.path),
    }
  }
  const opened = target.kind === 'members' ? target : openMembers(node)
  const member: Member = {
    key: undefined,
    source: undefined,
    value: { kind: 'write', node: undefined, value },
  }
  return { ...opened, members: [...opened.members, member] }
}

function replaced(context: DiffContext, target: Target, value: PlainValue, path: Path): Target {
  // A collection edited before starts over.
  if (target.node?.kind === 'alias') {
    if (context.aliases !== 'expand') throw aliasInTheWay(context, target.node, target.node.anchor, path)
    return { kind: 'write', node: target.node, value }
  }
  return diffNode(context, target.node as Node, value, [])
}

function appended(context: DiffContext, list: PlainValue, value: PlainValue, path: Path): PlainValue {
  if (list === null) return [value]
  if (!isPlainList(list)) throw missing(context, path)
  return [...list, value]
}

/** The same edit on a plain value: one that is not yet, or no longer, written as it stands. */
function editValue(context: DiffContext, value: PlainValue, edit: YamlEdit, depth: number): PlainValue {
  if (depth === edit.path.length) {
    if (edit.op === 'set') return toPlainValue(edit.value, edit.path)
    if (edit.op === 'append') return appended(context, value, toPlainValue(edit.value, edit.path), edit.path)
    throw missing(context, edit.path)
  }
  const part = edit.path[depth] as string | number
  const last = depth === edit.path.length - 1
  const makes = edit.op === 'set' || edit.op === 'append'
  if (isPlainList(value)) {
    const index = Number(part)
    if (!Number.isInteger(index) || index < 0 || index > value.length - (edit.op === 'set' ? 0 : 1)) {
      throw missing(context, edit.path.slice(0, depth + 1))
    }
    if (last && edit.op === 'delete') return value.toSpliced(index, 1)
    const item = editValue(context, value[index] ?? null, edit, depth + 1)
    return index === value.length ? [...value, item] : value.with(index, item)
  }
  const key = String(part)
  const exists = isPlainMap(value) && Object.hasOwn(value, key)
  if ((!isPlainMap(value) && value !== null) || (!exists && !makes))
    throw missing(context, edit.path.slice(0, depth + 1))
  const map = (value ?? {}) as PlainMap
  const copy: Record<string, PlainValue> = {}
  for (const each of Object.keys(map)) {
    if (each !== key) setOwn(copy, each, map[each])
    else if (last && edit.op === 'delete') continue
    else if (last && edit.op === 'rename') {
      if (edit.to !== key && Object.hasOwn(map, edit.to)) throw keyExists(context, edit, 0)
      setOwn(copy, edit.to, map[each])
    } else setOwn(copy, each, editValue(context, map[each] as PlainValue, edit, depth + 1))
  }
  if (!exists) setOwn(copy, key, editValue(context, null, edit, depth + 1))
  return copy
}

function missing(context: DiffContext, path: Path): YamlEditError {
  const message = `there is nothing at ${formatPath(path)} in document ${context.document} that this edit can change`
  return new YamlEditError('NO_SUCH_PATH', message, { path, document: context.document })
}

function keyExists(context: DiffContext, edit: YamlEdit & { op: 'rename' }, at: number): YamlEditError {
  const position = positionAt(context.text, at)
  const message = `line ${position.line}: the key ${JSON.stringify(edit.to)} is there already`
  return new YamlEditError('KEY_EXISTS', message, {
    ...position,
    path: edit.path,
    document: context.document,
  })
}
