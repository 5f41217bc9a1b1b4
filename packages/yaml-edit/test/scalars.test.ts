import { describe, expect, test } from 'vitest'
import { editYaml, formatYaml, parseYaml, parseYamlDocuments, reconcileYaml } from '../src/index.ts'

describe('a plain scalar means what it means to Kubernetes', () => {
  test.each<[string, unknown]>([
    ['0755', 493],
    ['0o755', 493],
    ['0x1F', 31],
    ['010', 8],
    ['089', 89],
    ['1_000', 1000],
    ['0b101', 5],
    ['1e3', 1000],
    ['1.10', 1.1],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['1.', 1],
    ['+7', 7],
    ['-0', 0],
    ['-0x10', -16],
    ['12345678901234567890', 12345678901234567890n],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['18446744073709551616', 18446744073709551616],
    ['9007199254740991', 9007199254740991],
    ['yes', true],
    ['Yes', true],
    ['on', true],
    ['y', true],
    ['off', false],
    ['n', false],
    ['no', false],
    ['True', true],
    ['TRUE', true],
    ['~', null],
    ['null', null],
    ['Null', null],
    ['NULL', null],
    ['.inf', Infinity],
    ['+.inf', Infinity],
    ['-.INF', -Infinity],
    ['.NaN', NaN],
    ['2024-01-01', '2024-01-01'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['=', '='],
    ['<<', '<<'],
    ['1e', '1e'],
    ['0x', '0x'],
    ['1,000', '1,000'],
    ['1:30', '1:30'],
    ['12:30:45', '12:30:45'],
    ['.', '.'],
    ['tRue', 'tRue'],
    ['1e400', '1e400'],
  ])('%s', (source, value) => {
    expect(parseYaml(`a: ${source}\n`)).toEqual({ a: value })
    // The same through the full parser.
    expect(parseYaml(`a: ${source}\nb: !x 1\n`)).toEqual({ a: value, b: '1' })
  })
})

test('keys are strings, as in JSON', () => {
  expect(parseYaml('1: a\ntrue: b\n0644: c\n"0644": d\n')).toEqual({
    1: 'a',
    true: 'b',
    420: 'c',
    '0644': 'd',
  })
})

test('the name of a prototype is a key like any other', () => {
  const value = parseYaml('__proto__:\n  polluted: yes\nconstructor: 1\n') as object
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(editYaml('a: 1\n', [{ op: 'set', path: ['__proto__', 'x'], value: 1 }])).toBe(
    'a: 1\n__proto__:\n  x: 1\n',
  )
  expect(({} as { x?: unknown }).x).toBeUndefined()
})

describe('a block scalar', () => {
  test.each([
    ['|\n  x\n', 'x\n'],
    ['|\n  x', 'x'],
    ['|+\n  x\n\n', 'x\n\n'],
    ['|-\n  x\n', 'x'],
    ['|2\n    x\n', '  x\n'],
    ['>\n  x\n  y\n\n  z\n', 'x y\nz\n'],
    ['>\n  x\n   y\n  z\n', 'x\n y\nz\n'],
    ['|\n  x\n     \n', 'x\n   \n'],
    ['|\r\n  x\r\n  y\r\n', 'x\ny\n'],
  ])('%j', (source, value) => {
    expect(parseYaml(`a: ${source}`)).toEqual({ a: value })
  })

  test.each([
    ['a: |\n  x', 'b', 1, 'a: |-\n  x\nb: 1'],
    ['a: |\n  x\n', 'a', 'y\nz\n', 'a: |\n  y\n  z\n'],
    ['a: |\n    x\n', 'a', 'y\nz', 'a: |-\n    y\n    z\n'],
    ['a: >-\n  x\n  y\n', 'a', 'y z\nw', 'a: >-\n  y z\n\n  w\n'],
    ['a: |  # why\n  x\nb: 1\n', 'a', 5, 'a: 5  # why\nb: 1\n'],
    ['a: x # why\nb: 1\n', 'a', 'l1\nl2\n', 'a: | # why\n  l1\n  l2\nb: 1\n'],
  ])('%j with %s set to %j', (text, key, value, expected) => {
    expect(editYaml(text, [{ op: 'set', path: [key], value }])).toBe(expected)
  })
})

test('a string is quoted when a reader of YAML 1.1 or 1.2 takes it for something else', () => {
  const strings = [
    'yes',
    'n',
    'null',
    '~',
    '0644',
    '0o17',
    '1_000',
    '1:30',
    '2024-01-01',
    '1e3',
    '.5',
    '.inf',
    '=',
    '<<',
    '',
    ' x',
    '- x',
    'a: b',
    'a #b',
    '{x',
    '@x',
  ]
  for (const line of formatYaml(strings).trimEnd().split('\n')) expect(line).toMatch(/^- "/)
  expect(parseYaml(formatYaml(strings))).toEqual(strings)
  const plain = [
    '1.10.0',
    'v1.2',
    'nginx:1.25',
    'a-b',
    'http://x/y?z=1',
    'x#y',
    '10m',
    '1Gi',
    'é',
    'never',
    '-x',
  ]
  expect(formatYaml(plain)).toBe(plain.map((text) => `- ${text}\n`).join(''))
})

test('integers are written exactly', () => {
  expect(formatYaml([2n ** 63n, -(2n ** 63n), 2 ** 60])).toBe(
    '- 9223372036854775808\n- -9223372036854775808\n- 1152921504606846976\n',
  )
})

test('what is equal already is not touched', () => {
  const text = "a: 1.0\nb: 0x10\nc: 'x'\nd: yes\ne: ~\nf: 1e3\n"
  expect(reconcileYaml(text, { a: 1, b: 16, c: 'x', d: true, e: null, f: 1000 })).toBe(text)
})

describe('documents', () => {
  test('are counted from 0, empty ones too', () => {
    const documents = parseYamlDocuments(
      '# head\n---\na: 1\n---\n---\n# only a comment\n---\nb: 2\n...\n# tail\n',
    )
    expect(documents.map(({ value, empty }) => [value, empty])).toEqual([
      [{ a: 1 }, false],
      [null, true],
      [null, true],
      [{ b: 2 }, false],
    ])
  })

  test('one broken leaves the others readable', () => {
    const [first, second] = parseYamlDocuments('a: "\n---\nb: 2\n')
    expect(first?.errors[0]).toMatchObject({ code: 'SYNTAX', details: { document: 0 } })
    expect(second?.value).toEqual({ b: 2 })
  })

  test('tell where a value stands', () => {
    const [document] = parseYamlDocuments('a:\n  b:\n  - c: 1\n    d: two\n')
    expect(document?.locate(['a', 'b', 0, 'd'])).toMatchObject({
      line: 4,
      column: 8,
      key: { line: 4, column: 5 },
    })
    expect(document?.locate(['a', 'x'])).toBeUndefined()
  })
})
