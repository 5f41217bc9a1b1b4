import { isRecord, setOwn } from '@lg/runtime'

export type JsonSchema = Readonly<Record<string, unknown>>

/** A deep copy of data; entries that are `undefined` are left out, `__proto__` stays an ordinary key. */
export function copyJson<T>(value: T, replace: (scalar: unknown) => unknown = (scalar) => scalar): T {
  if (Array.isArray(value)) return value.map((item) => copyJson(item as unknown, replace) ?? null) as T
  if (!isRecord(value)) return replace(value) as T
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value))
    if (item !== undefined) setOwn(copy, key, copyJson(item, replace))
  return copy as T
}

/**
 * A double for an integer that only a `bigint` holds, rounded towards zero: so that the largest value that a schema
 * allows never seems to exceed it. It is for comparing only.
 */
export function toDouble(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const double = Number(value)
  const overshoot = value < 0n ? BigInt(double) < value : BigInt(double) > value
  return overshoot ? nextTowardsZero(double) : double
}

function nextTowardsZero(double: number): number {
  const bits = new BigInt64Array(new Float64Array([double]).buffer)
  bits[0] = (bits[0] ?? 0n) - 1n
  return new Float64Array(bits.buffer)[0] ?? double
}
