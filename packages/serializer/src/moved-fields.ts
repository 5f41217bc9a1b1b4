import type { Kind } from '@lg/runtime'
import type { FieldPath } from './errors.ts'

/** A field of one version and where another version has it. */
export interface MovedField {
  readonly from: FieldPath
  readonly to: FieldPath
}

/** Where the fields of one version stand in another, as the kinds' `moved` declare it by way of the hub. */
export function movedFields(from: Kind, to: Kind): readonly MovedField[] {
  const toHub = new Map(from.hub ? [] : (from.moved ?? []))
  const fromHub = new Map((to.hub ? [] : (to.moved ?? [])).map(([here, hub]) => [hub, here]))
  const pairs = new Map<string, string>()
  for (const [here, hub] of toHub) pairs.set(here, fromHub.get(hub) ?? hub)
  const reached = new Set(toHub.values())
  for (const [hub, there] of fromHub) if (!reached.has(hub)) pairs.set(hub, there)
  return [...pairs]
    .filter(([before, after]) => before !== after)
    .map(([before, after]) => ({ from: before.split('.'), to: after.split('.') }))
}
