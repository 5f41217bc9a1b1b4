import { YamlEditError } from '../errors.ts'
import type { Path } from '../path.ts'
import type { PlainValue } from '../plain-value.ts'
import { positionAt } from '../position.ts'
import type { Node } from '../syntax/node.ts'
import { toValue } from '../syntax/to-value.ts'

/** What to do with an edit that an alias stands in the way of. */
export type AliasMode = 'refuse' | 'anchor' | 'expand'

/** What the comparison of stored text and wanted value needs to know. */
export interface DiffContext {
  readonly text: string
  readonly document: number
  readonly mergeKeys: MergeKeys | undefined
  readonly aliases: AliasMode
  /** The values that nodes are to have, as far as they were compared. */
  readonly wanted: Map<Node, PlainValue>
}

/**
 * The keys that tell the items of a list apart, such as the merge keys of a Kubernetes schema:
 * `(path) => path.at(-1) === 'ports' ? ['containerPort', 'protocol'] : undefined`.
 */
export type MergeKeys = (path: Path) => string | readonly string[] | undefined

export function storedValue(
  context: { readonly text: string; readonly document: number },
  node: Node,
): PlainValue {
  return toValue(node, context.text, context.document) as PlainValue
}

/** The value that a node is to have, as far as that was found out; else the one that it has. */
export function wantedValue(context: DiffContext, node: Node): PlainValue {
  const wanted = context.wanted.get(node)
  return wanted === undefined ? storedValue(context, node) : wanted
}

export function aliasInTheWay(
  context: { readonly text: string; readonly document: number },
  node: Node,
  anchor: string,
  path: Path,
): YamlEditError {
  const position = positionAt(context.text, node.start)
  const message =
    `line ${position.line}, column ${position.column}: ${anchor === '<<' ? anchor : `*${anchor}`} stands for a value that is written elsewhere; ` +
    `pass aliases: 'anchor' to change it there, or 'expand' to write it out here`
  return new YamlEditError('ALIAS', message, { ...position, path, anchor, document: context.document })
}
