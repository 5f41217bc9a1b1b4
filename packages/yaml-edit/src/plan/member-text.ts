import { styleWithin } from '../format/detect-style.ts'
import { type Style, renderItemValue, renderMapValue, writeKey } from '../format/render.ts'
import type { PlainValue } from '../plain-value.ts'
import { type Quote, quoted } from '../scalar/write-scalar.ts'
import type { ListNode, MapNode } from '../syntax/node.ts'
import { type Emission, joinLines } from './emission.ts'
import { type Member, targetValue } from './target.ts'
import { siblingQuote } from './write-value.ts'

/** How new members of a block collection look. */
export interface MemberLooks {
  readonly style: Style
  /** The quotes that all strings of the collection have. */
  readonly quote: Quote | undefined
  readonly keyQuote: Quote | undefined
}

export function memberLooks(out: Emission, node: MapNode | ListNode): MemberLooks {
  return {
    style: node.kind === 'map' ? styleWithin(out.text, node, out.style()) : out.style(),
    quote: siblingQuote(node, undefined),
    keyQuote: node.kind === 'map' ? quotesOfKeys(node) : undefined,
  }
}

/** The quotes that all keys of a map have. */
function quotesOfKeys(map: MapNode): Quote | undefined {
  const first = map.entries[0]?.keyNode
  if (first?.kind !== 'scalar' || (first.style !== 'single' && first.style !== 'double')) return undefined
  const same = map.entries.every(({ keyNode }) => keyNode.kind === 'scalar' && keyNode.style === first.style)
  return same ? first.style : undefined
}

/** The lines of a new member whose key or dash stands at `column`. */
export function newMemberText(
  out: Emission,
  { style, quote, keyQuote }: MemberLooks,
  member: Member,
  column: number,
): string {
  const value = targetValue(member.value, out.text, 0)
  const pad = ' '.repeat(column)
  const inQuotes = quotedLike(value, quote)
  if (member.key === undefined) {
    const { inline, lines } = inQuotes ?? renderItemValue(value, column, style)
    return joinLines([inline === '' ? `${pad}-` : `${pad}- ${inline}`, ...lines], out.newline)
  }
  const { inline, lines } = inQuotes ?? renderMapValue(value, column, style)
  const name =
    keyQuote === undefined ? writeKey(member.key, style.quote, false) : quoted(member.key, keyQuote)
  return joinLines([inline === '' ? `${pad}${name}:` : `${pad}${name}: ${inline}`, ...lines], out.newline)
}

/** The lines of the value of a key that stands behind `?` and has none yet. */
export function explicitValueText(
  out: Emission,
  { style, quote }: MemberLooks,
  value: PlainValue,
  column: number,
): string {
  const { inline, lines } = quotedLike(value, quote) ?? renderMapValue(value, column, style)
  const pad = ' '.repeat(column)
  return joinLines([inline === '' ? `${pad}:` : `${pad}: ${inline}`, ...lines], out.newline)
}

function quotedLike(
  value: PlainValue,
  quote: Quote | undefined,
): { inline: string; lines: string[] } | undefined {
  if (quote === undefined || typeof value !== 'string' || value.includes('\n')) return undefined
  return { inline: quoted(value, quote), lines: [] }
}
