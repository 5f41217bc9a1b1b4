/** What a scalar can be. An integer that a double cannot hold exactly is a `bigint`. */
export type ScalarValue = string | number | bigint | boolean | null

const named: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...words(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'], true),
  ...words(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'], false),
  ...words(['', '~', 'null', 'Null', 'NULL'], null),
  ...words(['.nan', '.NaN', '.NAN'], Number.NaN),
  ...words(['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'], Number.POSITIVE_INFINITY),
  ...words(['-.inf', '-.Inf', '-.INF'], Number.NEGATIVE_INFINITY),
])

function words(names: readonly string[], value: ScalarValue): [string, ScalarValue][] {
  return names.map((name) => [name, value])
}

const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/
const based = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const least = -(2n ** 63n)
const most = 2n ** 64n

/**
 * Reads an unquoted scalar as Kubernetes does (go-yaml v2, YAML 1.1): `yes` is true, `0644` is 420,
 * `1_000` is 1000, dates and `1:30` are strings, an integer of 64 bits keeps its exact value.
 */
export function resolvePlain(source: string): ScalarValue {
  const first = source.charCodeAt(0)
  // Only a digit, a sign, a dot or one of yYnNtTfFoO~ can begin something other than a string.
  if (first >= 0x30 && first <= 0x39) return resolveNumber(source)
  if (first === 0x2b || first === 0x2d || first === 0x2e) {
    const value = named.get(source)
    return value === undefined ? resolveNumber(source) : value
  }
  if (source.length > 5) return source
  const value = named.get(source)
  return value === undefined ? source : value
}

function resolveNumber(source: string): ScalarValue {
  const digits = source.includes('_') ? source.replaceAll('_', '') : source
  if (digits.length < 16 && decimal.test(digits)) return Number(digits) + 0
  if (!float.test(digits) && !based.test(digits)) return source
  const integer = parseInteger(digits)
  if (integer !== undefined) return integer
  if (!float.test(digits)) return source
  const value = Number(digits)
  return Number.isFinite(value) ? value : source
}

function parseInteger(digits: string): number | bigint | undefined {
  let value: bigint
  const match = based.exec(digits)
  if (match !== null) {
    const [, sign, hex, binary, octal] = match
    const magnitude = BigInt(
      hex !== undefined ? `0x${hex}`
      : binary !== undefined ? `0b${binary}`
      : `0o${octal}`,
    )
    value = sign === '-' ? -magnitude : magnitude
  } else if (decimal.test(digits)) {
    value = BigInt(digits.startsWith('+') ? digits.slice(1) : digits)
  } else {
    return undefined
  }
  if (value < least || value >= most) return undefined
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}
