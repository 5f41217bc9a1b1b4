import type { ScalarValue } from '../scalar/resolve-plain.ts'

/** How a scalar is written. `empty` is nothing at all, where YAML reads null. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'empty'

/** The anchor and tag before a node, as written. */
export interface Properties {
  readonly start: number
  readonly end: number
  readonly anchor?: string
  readonly tag?: string
}

interface NodeBase {
  /** Where the node itself begins, after its properties. */
  readonly start: number
  /** Where it ends: on its last line, before the line feed. */
  readonly end: number
  readonly properties: Properties | undefined
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar'
  readonly style: ScalarStyle
  readonly value: ScalarValue
}

export interface MapEntry {
  /** Where the key, its properties or its `?` begins. */
  readonly start: number
  /** The offset just after the colon, or the end of the key where there is none. */
  readonly colonEnd: number
  readonly end: number
  readonly key: string
  readonly keyNode: ScalarNode | AliasNode
  /** Written with `?`. */
  readonly explicit: boolean
  /** `<<`: its value is merged into the map. */
  readonly merge: boolean
  readonly value: Node
}

export interface ListItem {
  /** Where the dash begins, in a flow list the value or its properties. */
  readonly start: number
  readonly end: number
  readonly value: Node
}

export interface MapNode extends NodeBase {
  readonly kind: 'map'
  readonly flow: boolean
  readonly entries: readonly MapEntry[]
}

export interface ListNode extends NodeBase {
  readonly kind: 'list'
  readonly flow: boolean
  readonly items: readonly ListItem[]
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias'
  readonly anchor: string
  /** The node that the alias stands for. */
  readonly target: Node
}

export type Node = ScalarNode | MapNode | ListNode | AliasNode

/** Where the node begins, its anchor and tag included. */
export function outerStart(node: Node): number {
  return node.properties === undefined ? node.start : Math.min(node.properties.start, node.start)
}

/** Nothing, as written at an offset. */
export function emptyNode(at: number, properties?: Properties): ScalarNode {
  return { kind: 'scalar', style: 'empty', start: at, end: at, properties, value: null }
}

export function isBlockCollection(node: Node): boolean {
  return (node.kind === 'map' || node.kind === 'list') && !node.flow
}

/** Levels of nesting that a document may have. */
export const maxDepth = 1000
