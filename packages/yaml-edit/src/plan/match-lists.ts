import type { Path } from '../path.ts'
import { type PlainValue, equalValues, isPlainMap } from '../plain-value.ts'
import type { ListNode } from '../syntax/node.ts'
import { type DiffContext, wantedValue } from './diff-context.ts'
import { isTelling } from './match-keys.ts'
import { commonSubsequence } from './subsequence.ts'

const usualKeys = ['name', 'key', 'id'] as const

/**
 * For each wanted item, the index of the stored item that it comes from: by merge keys; else by `name`,
 * `key` or `id` where they are unique; else by equality and order.
 */
export function matchItems(
  context: DiffContext,
  node: ListNode,
  wanted: readonly PlainValue[],
  path: Path,
): readonly (number | undefined)[] {
  const stored = node.items.map((item) => wantedValue(context, item.value))
  const keys = context.mergeKeys?.(path)
  const candidates =
    keys === undefined ? usualKeys.map((key) => [key]) : [typeof keys === 'string' ? [keys] : keys]
  for (const candidate of candidates) {
    const from = identities(stored, candidate)
    const to = identities(wanted, candidate)
    if (from !== undefined && to !== undefined && (from.size > 0 || keys !== undefined)) {
      return matchByIdentity(from, to, stored, wanted)
    }
  }
  return matchByContent(stored, wanted)
}

/** The items by what the keys hold; undefined when an item lacks a key, or two have the same. */
function identities(items: readonly PlainValue[], keys: readonly string[]): Map<string, number> | undefined {
  const found = new Map<string, number>()
  for (const [index, item] of items.entries()) {
    if (!isPlainMap(item)) return undefined
    const parts: string[] = []
    for (const key of keys) {
      const part = Object.hasOwn(item, key) ? item[key] : undefined
      if (part === undefined && keys.length > 1) parts.push('')
      else if (part === undefined || part === null || typeof part === 'object') return undefined
      else parts.push(canonical(part))
    }
    const identity = parts.join('\n')
    if (found.has(identity)) return undefined
    found.set(identity, index)
  }
  return found
}

function matchByIdentity(
  from: ReadonlyMap<string, number>,
  to: ReadonlyMap<string, number>,
  stored: readonly PlainValue[],
  wanted: readonly PlainValue[],
): (number | undefined)[] {
  const matches: (number | undefined)[] = wanted.map(() => undefined)
  const used = new Set<number>()
  for (const [identity, index] of to) {
    const position = from.get(identity)
    if (position === undefined) continue
    matches[index] = position
    used.add(position)
  }
  pairRenamed(stored, wanted, matches, used)
  return matches
}

/** Beyond this many pairs, a renamed item is looked for at its own place only. */
const mostPairs = 10_000

/** What differs from an item that went in nothing but its identity is that item with another name. */
function pairRenamed(
  stored: readonly PlainValue[],
  wanted: readonly PlainValue[],
  matches: (number | undefined)[],
  used: Set<number>,
): void {
  const gone = [...stored.keys()].filter((index) => !used.has(index))
  const come = [...wanted.keys()].filter((index) => matches[index] === undefined)
  const looksFar = gone.length * come.length <= mostPairs
  for (const index of come) {
    const candidates = looksFar ? gone : [index]
    const match = candidates.find(
      (each) => each < stored.length && !used.has(each) && isRenamed(stored[each], wanted[index]),
    )
    if (match === undefined) continue
    matches[index] = match
    used.add(match)
  }
}

/** They differ in one entry, and what they share is enough to tell them from others. */
function isRenamed(a: PlainValue | undefined, b: PlainValue | undefined): boolean {
  if (!isPlainMap(a) || !isPlainMap(b)) return false
  const keys = Object.keys(a)
  if (keys.length < 2 || keys.length !== Object.keys(b).length) return false
  const same = keys.filter((key) => Object.hasOwn(b, key) && equalValues(a[key], b[key]))
  return same.length === keys.length - 1 && (same.length > 1 || isTelling(a[same[0] ?? '']))
}

/** Equal items in order; then equal items that moved; then what is left between, pairwise. */
function matchByContent(
  stored: readonly PlainValue[],
  wanted: readonly PlainValue[],
): (number | undefined)[] {
  const classes = new ValueClasses()
  const from = stored.map((item) => classes.of(item))
  const to = wanted.map((item) => classes.of(item))
  const matches = commonSubsequence(from, to)
  const used = new Set(matches.filter((match) => match !== undefined))
  const spare = new Map<number, number[]>()
  for (let index = from.length - 1; index >= 0; index--) {
    if (used.has(index)) continue
    const positions = spare.get(from[index] as number)
    if (positions === undefined) spare.set(from[index] as number, [index])
    else positions.push(index)
  }
  for (const [index, match] of matches.entries()) {
    const position = match === undefined ? spare.get(to[index] as number)?.pop() : undefined
    if (position === undefined) continue
    matches[index] = position
    used.add(position)
  }
  pairGaps(stored, wanted, matches, used)
  return matches
}

/** Between two matched neighbours, an unmatched stored item becomes the unmatched wanted one at its place. */
function pairGaps(
  stored: readonly PlainValue[],
  wanted: readonly PlainValue[],
  matches: (number | undefined)[],
  used: Set<number>,
): void {
  let position = 0
  for (const [index, match] of matches.entries()) {
    if (match !== undefined) {
      position = match + 1
      continue
    }
    if (position >= stored.length || used.has(position)) continue
    if (
      isAlike(stored[position] as PlainValue, wanted[index] as PlainValue, stored.length === wanted.length)
    ) {
      matches[index] = position
      used.add(position)
      position++
    }
  }
}

/** Two maps that share a value, or two scalars: one may have become the other. */
function isAlike(a: PlainValue, b: PlainValue, sameLength: boolean): boolean {
  if (isPlainMap(a) && isPlainMap(b)) {
    return sameLength || Object.keys(a).some((key) => Object.hasOwn(b, key) && equalValues(a[key], b[key]))
  }
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b)
  return !isPlainMap(a) && !isPlainMap(b)
}

/** Numbers equal values alike, by their text with sorted keys. */
class ValueClasses {
  readonly #known = new Map<string, number>()

  of(value: PlainValue): number {
    const text = canonical(value)
    const known = this.#known.get(text)
    if (known !== undefined) return known
    this.#known.set(text, this.#known.size)
    return this.#known.size - 1
  }
}

function canonical(value: PlainValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (isPlainMap(value)) {
    const keys = Object.keys(value).sort()
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as PlainValue)}`).join()}}`
  }
  if (typeof value === 'string') return JSON.stringify(value)
  // An integer is the same as a double and as a bigint.
  return typeof value === 'number' && Number.isInteger(value) ? String(BigInt(value)) : String(value)
}
