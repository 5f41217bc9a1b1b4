import type { Style } from '../format/render.ts'
import type { Path } from '../path.ts'
import type { ListNode, MapNode, Node } from '../syntax/node.ts'
import type { Comment } from './comments.ts'
import type { Splice } from './splices.ts'
import type { Target } from './target.ts'

/** A comment whose surroundings were written anew, or deleted. */
export interface DisplacedComment extends Comment {
  readonly path: Path
  /** It stood in something that was deleted, and goes with it. */
  readonly deleted: boolean
  /** The line of the nearest surviving parent. */
  readonly parentAt: number
}

/** Turns what a value is to become into splices. */
type EmitTarget = (out: Emission, target: Target, node: Node, place: Place) => void

/** What is gathered while a target is turned into splices of the text. */
export interface Emission {
  /** The stored text; it ends with a line feed, if need be one that is taken off again. */
  readonly text: string
  /** Where the content of the document ends. */
  readonly limit: number
  /** How the document is written; worked out when something new is written. */
  readonly style: () => Style
  /** The line end that new lines get. */
  readonly newline: string
  /** The document is JSON: every key and string gets double quotes. */
  readonly json: boolean
  readonly splices: Splice[]
  /** The block scalar that ended the text: a change of its header, until what moves the block takes it along. */
  readonly lastBlock: { header: Splice | undefined }
  readonly displaced: DisplacedComment[]
  /** For what is inside of what is being turned into splices. */
  readonly emit: EmitTarget
}

/** Where a value stands inside a flow collection. */
interface FlowPlace {
  readonly kind: 'flow'
  readonly path: Path
  /** Where the first line of the entry or item around the flow collection begins. */
  readonly line: number
}

export type Place = BlockPlace | FlowPlace

/** Where a value stands in block style. */
export interface BlockPlace {
  readonly kind: 'entry' | 'item' | 'root'
  readonly path: Path
  /** The offset after the colon, the dash, or the `---`. */
  readonly after: number
  /** The column of the key or dash; -1 at the root. */
  readonly column: number
  /** Where the first line of the entry or item begins. */
  readonly line: number
  /** After the last line of the entry or item, comments that stand deeper included. */
  readonly end: number
  /** The collection that the entry or item is in. */
  readonly collection?: MapNode | ListNode
}

/** The same, but the splices are gathered apart. */
export function gatheringInto(splices: Splice[], out: Emission): Emission {
  return { ...out, splices }
}

/** Lines joined with the line end of the file, each ended by it. */
export function joinLines(lines: readonly string[], newline: string): string {
  return lines.map((line) => line + newline).join('')
}
