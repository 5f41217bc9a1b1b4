import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalValues, parseJson, runtimeErrors, stringifyJson } from '../src/index.ts'

const failureOf = (text: string): { line: number; column: number; message: string } => {
  try {
    parseJson(text)
  } catch (error) {
    if (!runtimeErrors.is(error, 'INVALID_JSON')) throw error
    return { line: error.details.line, column: error.details.column, message: error.message }
  }
  throw new Error(`${text} was accepted`)
}

/** The value as doubles hold it: `JSON.parse` has no more of a long integer. */
const rounded = (value: unknown): unknown => JSON.parse(stringifyJson(value))

describe('parseJson', () => {
  it('agrees with JSON.parse on every JSON value', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, '\t'), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent)
        return equalValues(rounded(parseJson(spaced)), JSON.parse(spaced))
      }),
    )
  })

  it('agrees with JSON.parse where a long number forces its own parser', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const [value, long] = parseJson(`[${text},12176941420362965433]`) as unknown[]
        return long === 12176941420362965433n && equalValues(rounded(value), JSON.parse(text))
      }),
    )
  })

  it('accepts and refuses the same texts as JSON.parse', () => {
    const broken = fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0019e-+.tfn l\n\u0000') })
    fc.assert(
      fc.property(broken, fc.boolean(), (text, exact) => {
        const whole = exact ? `[12176941420362965433,${text}]` : text
        let accepted = true
        try {
          JSON.parse(whole)
        } catch {
          accepted = false
        }
        if (accepted) expect(() => parseJson(whole)).not.toThrow()
        else expect(() => parseJson(whole)).toThrow()
      }),
    )
  })

  it('keeps every integer exact: a number where it fits, else a bigint', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (integer) => {
        const parsed = parseJson(`{"n":${integer}}`) as { n: number | bigint }
        expect(BigInt(parsed.n)).toBe(integer)
        expect(typeof parsed.n).toBe(Number.isSafeInteger(Number(integer)) ? 'number' : 'bigint')
        expect(stringifyJson(parsed)).toBe(`{"n":${integer}}`)
      }),
    )
  })

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    ['12176941420362965433', 12176941420362965433n],
    ['1e3', 1000],
    ['18446744073709551616.5', 2 ** 64],
    ['18446744073709551616e0', 2 ** 64],
    ['-0', -0],
  ])('reads %s as %s', (text, value) => {
    expect(parseJson(text)).toBe(value)
  })

  it('leaves digits in strings alone', () => {
    expect(parseJson('["12176941420362965433", "\\"12176941420362965433"]')).toEqual([
      '12176941420362965433',
      '"12176941420362965433',
    ])
  })

  it.each(['1', '12176941420362965433'])('takes __proto__ as an ordinary key (beside %s)', (number) => {
    const parsed = parseJson(`{"__proto__":{"polluted":true},"constructor":1,"n":${number}}`) as object
    expect(Object.keys(parsed)).toEqual(['__proto__', 'constructor', 'n'])
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
    expect('polluted' in parsed).toBe(false)
    expect('polluted' in {}).toBe(false)
  })

  it('takes the last of duplicate keys, as JSON.parse does', () => {
    expect(parseJson('{"a":1,"a":12176941420362965433}')).toEqual({ a: 12176941420362965433n })
  })

  it('reads 1000 levels and refuses more', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(() => parseJson(nested(1000))).not.toThrow()
    expect(failureOf(nested(1001)).message).toContain('more than 1000 levels')
    expect(failureOf('{"a":'.repeat(100_000)).message).toContain('more than 1000 levels')
  })

  it('counts levels, not brackets', () => {
    const wide = `[${'{},'.repeat(5000)}"${'['.repeat(5000)}"]`
    expect(parseJson(wide)).toHaveLength(5001)
  })

  it('reads a string of several megabytes', () => {
    const long = 'a\\n'.repeat(1_000_000)
    expect(parseJson(`["${long}", 12176941420362965433]`)).toEqual([
      'a\n'.repeat(1_000_000),
      12176941420362965433n,
    ])
  })

  it.each([
    ['', 1, 1, 'unexpected end'],
    ['{\n  "a": 1,\n  oops\n}', 3, 3, 'expected a string in double quotes'],
    ['[1, 2', 1, 6, 'expected , or ]'],
    ['{"a" 1}', 1, 6, 'expected :'],
    ['{} {}', 1, 4, 'expected the end'],
    ['["\\x"]', 1, 2, 'bad escape'],
    ['[01]', 1, 3, 'expected , or ]'],
    ['\ufeff{}', 1, 1, 'unexpected'],
    ['[tru]', 1, 2, 'unexpected "t"'],
  ])('names the place of the fault in %j', (text, line, column, reason) => {
    const failure = failureOf(text)
    expect(failure).toMatchObject({ line, column })
    expect(failure.message).toContain(reason)
  })
})
