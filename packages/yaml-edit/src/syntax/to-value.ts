import { YamlEditError } from '../errors.ts'
import { positionAt } from '../position.ts'
import type { MapNode, Node } from './node.ts'

/** Values that the aliases of one document may expand to. */
const aliasLimit = 100_000

/** Sets an own property, also one named `__proto__`. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  } else {
    object[key] = value
  }
}

interface Budget {
  readonly text: string
  readonly document: number
  left: number
}

/** The plain JavaScript value of a tree: aliases expanded, `<<` merged, keys of the map itself first. */
export function toValue(root: Node, text: string, document: number): unknown {
  return value(root, { text, document, left: aliasLimit }, false)
}

function value(node: Node, budget: Budget, aliased: boolean): unknown {
  if (aliased && --budget.left < 0) throw aliasError(node, budget)
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'alias':
      return value(node.target, budget, true)
    case 'list':
      return node.items.map((item) => value(item.value, budget, aliased))
    case 'map':
      return mapValue(node, budget, aliased)
  }
}

function mapValue(node: MapNode, budget: Budget, aliased: boolean): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  let merges = false
  for (const entry of node.entries) {
    if (entry.merge) merges = true
    else setOwn(object, entry.key, value(entry.value, budget, aliased))
  }
  if (merges) {
    for (const [key, source] of mergedEntries(node, budget)) {
      if (!Object.hasOwn(object, key)) setOwn(object, key, value(source, budget, true))
    }
  }
  return object
}

/** What `<<` brings into a map: keys with their nodes, the first of each key wins. */
export function* mergedEntries(
  node: MapNode,
  budget: { readonly text: string; readonly document: number },
  seen: Set<Node> = new Set(),
): Generator<readonly [string, Node]> {
  for (const entry of node.entries) {
    if (!entry.merge) continue
    const source = entry.value.kind === 'alias' ? entry.value.target : entry.value
    const maps = source.kind === 'list' ? source.items.map((item) => item.value) : [source]
    for (const each of maps) {
      const map = each.kind === 'alias' ? each.target : each
      // What was merged before has nothing to add.
      if (seen.has(map)) continue
      seen.add(map)
      if (map.kind !== 'map') {
        const position = positionAt(budget.text, each.start)
        const message = `line ${position.line}, column ${position.column}: << takes a map, or a list of maps`
        throw new YamlEditError('INVALID_ALIAS', message, {
          ...position,
          anchor: '<<',
          document: budget.document,
        })
      }
      for (const own of map.entries) if (!own.merge) yield [own.key, own.value]
      yield* mergedEntries(map, budget, seen)
    }
  }
}

function aliasError(node: Node, budget: Budget): YamlEditError {
  const position = positionAt(budget.text, node.start)
  const message = `line ${position.line}: the aliases of the document expand to more than ${aliasLimit} values`
  return new YamlEditError('ALIAS_LIMIT', message, {
    ...position,
    limit: aliasLimit,
    document: budget.document,
  })
}
