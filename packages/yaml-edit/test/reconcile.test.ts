import { describe, expect, test } from 'vitest'
import { planReconcile, reconcileYaml } from '../src/index.ts'

describe('list items', () => {
  test.each<[string, string, unknown, string]>([
    [
      'matched by name take their comments along when they move',
      '- name: a\n  v: 1 # va\n# about b\n- name: b\n  v: 2\n',
      [
        { name: 'b', v: 2 },
        { name: 'a', v: 3 },
      ],
      '# about b\n- name: b\n  v: 2\n- name: a\n  v: 3 # va\n',
    ],
    [
      'of scalars move with what stands above',
      '# one\n- 1\n# two\n- 2\n# three\n- 3\n',
      [3, 1, 2],
      '# three\n- 3\n# one\n- 1\n# two\n- 2\n',
    ],
    [
      'equal in order stay, the others come and go',
      '- a\n- b # b\n- c\n',
      ['a', 'x', 'b', 'd'],
      '- a\n- x\n- b # b\n- d\n',
    ],
    ['in flow style change places', 'a: [x, y, z] # c\n', { a: ['z', 'x'] }, 'a: [z, x] # c\n'],
    [
      'that got another name keep their place, form and comments',
      "- {name: gone}\n# about a\n- name: a # here\n  command: ['sh',   '-c']\n- name: b\n",
      [{ name: 'renamed', command: ['sh', '-c'] }, { name: 'b' }],
      "# about a\n- name: renamed # here\n  command: ['sh',   '-c']\n- name: b\n",
    ],
    [
      'that merely share a flag are not one renamed',
      '# about a\n- name: a\n  on: true\n- name: b\n  on: true\n',
      [
        { name: 'c', true: true },
        { name: 'b', true: true },
      ],
      '- name: c\n  "true": true\n- name: b\n  on: true\n',
    ],
    ['keep the blank lines between them', '- a\n\n- b\n', ['a', 'b', 'c'], '- a\n\n- b\n\n- c\n'],
  ])('%s', (_, text, value, expected) => {
    expect(reconcileYaml(text, value)).toBe(expected)
  })

  test('are matched by merge keys', () => {
    const text = 'ports:\n- port: 80 # http\n  to: a\n- port: 443 # https\n  to: b\n'
    const value = {
      ports: [
        { port: 443, to: 'x' },
        { port: 80, to: 'a' },
      ],
    }
    const expected = 'ports:\n- port: 443 # https\n  to: x\n- port: 80 # http\n  to: a\n'
    expect(
      reconcileYaml(text, value, { mergeKeys: (path) => (path[0] === 'ports' ? 'port' : undefined) }),
    ).toBe(expected)
  })
})

test('a renamed key keeps its place and its comments', () => {
  expect(reconcileYaml('# why\nold: {a: 1} # c\nz: 1\n', { fresh: { a: 1 }, z: 1 })).toBe(
    '# why\nfresh: {a: 1} # c\nz: 1\n',
  )
})

test('a flag that goes and another that comes are not one renamed', () => {
  expect(reconcileYaml('a: 1\non-error: true # stop\nb: 2\n', { a: 1, b: 2, debug: true })).toBe(
    'a: 1\nb: 2\ndebug: true\n',
  )
})

describe('comments inside what is written anew', () => {
  const text = 'a: 0\nb:\n  x: 1 # cx\n  # end\nc: 2\n'
  const value = { a: 0, b: 5, c: 2 }

  test('stand above their parent by default', () => {
    const plan = planReconcile(text, value)
    expect(plan.text).toBe('a: 0\n# cx\n# end\nb: 5\nc: 2\n')
    expect(plan.ledger).toEqual([
      { comment: '# cx', line: 3, path: ['b'], outcome: 'kept' },
      { comment: '# end', line: 4, path: ['b'], outcome: 'kept' },
    ])
  })

  test('stand at the top of the document, once, with `top`', () => {
    const plan = planReconcile(text, value, { comments: 'top' })
    expect(plan.text).toBe(
      '# Comments lost during file manipulation:\n# Field "b": "cx"\n# Field "b": "end"\na: 0\nb: 5\nc: 2\n',
    )
  })

  test('go with `drop`, and are in the ledger', () => {
    const plan = planReconcile(text, value, { comments: 'drop' })
    expect(plan.text).toBe('a: 0\nb: 5\nc: 2\n')
    expect(plan.ledger.map(({ outcome }) => outcome)).toEqual(['dropped', 'dropped'])
  })

  test('are a reason to refuse with `strict`', () => {
    expect(() => planReconcile(text, value, { comments: 'strict' })).toThrow(
      expect.objectContaining({
        code: 'COMMENT_LOST',
        details: {
          comments: [
            { text: '# cx', line: 3 },
            { text: '# end', line: 4 },
          ],
        },
      }),
    )
  })
})

describe('new text looks like its surroundings', () => {
  test.each<[string, string, unknown, string]>([
    ['line ends', 'a: x\r\nb: z\r\n', { a: 'x', b: 'z', c: { d: 1 } }, 'a: x\r\nb: z\r\nc:\r\n  d: 1\r\n'],
    [
      'indentation',
      'a:\n    b:\n        - 1\n',
      { a: { b: [1], c: { d: [2] } } },
      'a:\n    b:\n        - 1\n    c:\n        d:\n            - 2\n',
    ],
    ['quotes', "a: 'x'\nb: 'y'\n", { a: 'x', b: 'y', c: 'z' }, "a: 'x'\nb: 'y'\nc: 'z'\n"],
    ['quoted keys', '"a": 1\n"b": 2\n', { a: 1, b: 2, c: 3 }, '"a": 1\n"b": 2\n"c": 3\n'],
    ['flow style', 'a: {x: 1, y2: 2}\n', { a: { x: 1, y2: 2, z: 'q' } }, 'a: {x: 1, y2: 2, z: q}\n'],
    ['flow over lines', 'a: [\n  x, # c\n  z\n]\n', { a: ['x', 'z', 'w'] }, 'a: [\n  x, # c\n  z,\n  w\n]\n'],
    [
      'JSON',
      '{\n  "a": 1,\n  "b": [1, 2]\n}\n',
      { a: 1, b: [1, 2], c: { d: 'x' } },
      '{\n  "a": 1,\n  "b": [1, 2],\n  "c": {\n    "d": "x"\n  }\n}\n',
    ],
    ['no line feed at the end', 'a: 1', { a: 1, b: 2 }, 'a: 1\nb: 2'],
    ['a mark of byte order', '\ufeffa: 1\n', { a: 2 }, '\ufeffa: 2\n'],
  ])('%s', (_, text, value, expected) => {
    expect(reconcileYaml(text, value)).toBe(expected)
  })

  test('other documents, directives and the end of the document stay', () => {
    const text = '%YAML 1.2\n---\na: 1\n...\n# between\n---\nb: 1 # keep\n'
    expect(reconcileYaml(text, { a: 1, c: 2 })).toBe(
      '%YAML 1.2\n---\na: 1\nc: 2\n...\n# between\n---\nb: 1 # keep\n',
    )
    expect(reconcileYaml(text, { b: 2 }, { document: 1 })).toBe(text.replace('b: 1', 'b: 2'))
  })
})
