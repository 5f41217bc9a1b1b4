import { describe, expect, test } from 'vitest'
import { editYaml, formatYaml, parseYamlDocuments, planReconcile } from '../src/index.ts'

const counting = Array.from({ length: 20_000 }, (_, index) => index)

function firstError(text: string): unknown {
  return parseYamlDocuments(text).flatMap((document) => document.errors)[0]
}

describe('an error with code, line and column', () => {
  test.each([
    ['an alias bomb', bomb(), 'ALIAS_LIMIT'],
    ['10,000 brackets', '['.repeat(10_000), 'TOO_DEEP'],
    ['10,000 dashes', `${'- '.repeat(10_000)}x`, 'TOO_DEEP'],
    ['10,000 maps in a line', '{a: '.repeat(10_000), 'TOO_DEEP'],
    [
      '3,000 levels of indentation',
      counting
        .slice(0, 3000)
        .map((depth) => `${' '.repeat(depth)}a:`)
        .join('\n'),
      'TOO_DEEP',
    ],
    ['NUL', 'a: \0\n', 'INVALID_CHARACTER'],
    ['half of a surrogate pair', 'a: \ud800\n', 'INVALID_CHARACTER'],
    ['lines that end with CR alone', 'a: 1\rb: 2\r', 'SYNTAX'],
    ['a quote that is never closed, 16 MB long', `a: "${'x'.repeat(16_000_000)}`, 'SYNTAX'],
    ['a template', 'name: {{ x }}\n', 'UNSUPPORTED_KEY'],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 'DUPLICATE_KEY'],
    ['an alias of nothing', 'a: *nothing\n', 'INVALID_ALIAS'],
    ['an alias of what it stands in', 'a: &a [*a]\n', 'INVALID_ALIAS'],
  ])('%s', (_, text, code) => {
    expect(firstError(text)).toMatchObject({
      code,
      details: { line: expect.any(Number), column: expect.any(Number) },
    })
  })

  test('a duplicate key names both places', () => {
    expect(firstError('a: 1\nb: 2\na: 3\n')).toMatchObject({
      details: { line: 3, column: 1, first: { line: 1, column: 1 } },
    })
  })

  test.each([
    ['a cycle', cycle()],
    ['a function', { a: () => 1 }],
    ['a Map', { a: new Map([['b', 1]]) }],
    ['a RegExp', [/x/]],
    ['half of a surrogate pair', { a: '\udc00' }],
    ['an integer beyond 64 bits', [2n ** 64n]],
  ])('%s as a value', (_, value) => {
    expect(() => formatYaml(value)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_VALUE' }))
    expect(() => editYaml('a: 1\n', [{ op: 'set', path: ['a'], value }])).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_VALUE' }),
    )
  })
})

// Each of these took minutes where something grew with the square of its size.
describe('in bounded time', () => {
  test.each([
    ['a line of 16 MB', `a: ${'x'.repeat(16_000_000)}\n`],
    ['16 MB of blank lines', '\n'.repeat(16_000_000)],
    ['200,000 empty documents', '---\n'.repeat(200_000)],
    ['20,000 broken documents', "---\na: 'b\n".repeat(20_000)],
    [
      '16,000 keys',
      counting
        .slice(0, 16_000)
        .map((index) => `k${index}: !x 1`)
        .join('\n'),
    ],
    ['merges of merges', merges()],
    ['a literal of 2 MB', `a: |\n${'  b\n'.repeat(500_000)}`],
  ])('reads %s', (_, text) => {
    expect(parseYamlDocuments(text).length).toBeGreaterThan(0)
  })

  const list = counting.map((index) => `- item${index}\n`).join('')
  const map = counting.map((index) => `k${index}: v${index} # c\n`).join('')
  test.each([
    ['a list of 20,000 shuffled', list, counting.map((index) => `item${(index * 7919) % 20_000}`)],
    ['a list of 20,000 replaced', list, counting.map((index) => `other${index}`)],
    ['every second of 20,000 deleted', list, counting.slice(0, 10_000).map((index) => `item${index * 2}`)],
    ['20,000 keys replaced', map, Object.fromEntries(counting.map((index) => [`n${index}`, index]))],
    ['20,000 values changed', map, Object.fromEntries(counting.map((index) => [`k${index}`, index]))],
  ])('reconciles %s', (_, text, value) => {
    expect(planReconcile(text, value).changes.length).toBeGreaterThan(1000)
  })
})

function bomb(): string {
  const lines = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
    lines.push(`${name}: &${name} [${Array<string>(9).fill(`*${before}`).join()}]`)
  }
  return lines.join('\n')
}

function merges(): string {
  const levels = counting
    .slice(1, 31)
    .map((level) => `m${level}: &m${level}\n  <<: [*m${level - 1}, *m${level - 1}]\n`)
  return `m0: &m0 {x: 1}\n${levels.join('')}`
}

function cycle(): unknown {
  const value: Record<string, unknown> = {}
  value['self'] = value
  return value
}
