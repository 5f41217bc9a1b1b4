import type { Node } from '../syntax/node.ts'
import { emitBlock } from './emit-block.ts'
import { emitFlow } from './emit-flow.ts'
import type { Emission, Place } from './emission.ts'
import { writeFlowValue } from './flow-value.ts'
import { type Target, isUnchanged, sourceMembers, targetValue } from './target.ts'
import { writeBlockValue } from './write-value.ts'

/** Turns what a value is to become into splices. */
export function emitTarget(out: Emission, target: Target, node: Node, place: Place): void {
  if (target.kind === 'same' || isUnchanged(target)) return
  if (target.kind === 'write') {
    if (place.kind === 'flow' || out.json || isFilledFlow(node, target.value))
      writeFlowValue(out, node, target, place)
    else writeBlockValue(out, node, target.value, place, target.reason)
    return
  }
  if (place.kind === 'flow') emitFlow(out, target, place)
  else if (!target.node.flow) emitBlock(out, target, place)
  else if (sourceMembers(target.node).length === 0 && !out.json) {
    writeBlockValue(out, node, targetValue(target, out.text, 0), place)
  } else emitFlow(out, target, place)
}

/** A filled flow collection that gets another value of its kind stays in flow style. */
function isFilledFlow(node: Node, value: unknown): boolean {
  if (
    (node.kind !== 'map' && node.kind !== 'list') ||
    !node.flow ||
    typeof value !== 'object' ||
    value === null
  )
    return false
  return sourceMembers(node).length > 0 && Array.isArray(value) === (node.kind === 'list')
}
