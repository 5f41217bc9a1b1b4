import { describe, expect, test } from 'vitest'
import { type YamlEdit, editYaml, editorFor, isYamlEditError, planEdit } from '../src/index.ts'

const manifest = `# top
apiVersion: v1
kind: X # k

spec:
  # about a
  a: 1   # one
  b: "two"
  list:
    - x
    - y # why
    # end of list
  # end of spec
status: {}
`

const set = (path: (string | number)[], value: unknown): YamlEdit => ({ op: 'set', path, value })
const remove = (path: (string | number)[]): YamlEdit => ({ op: 'delete', path })

describe('set', () => {
  test.each([
    ['keeps the comment and the gap before it', ['spec', 'a'], 2, '  a: 1   # one', '  a: 2   # one'],
    ['keeps the quotes', ['spec', 'b'], 'three', '"two"', '"three"'],
    ['quotes what another reader takes for a boolean', ['kind'], 'on', 'kind: X # k', 'kind: "on" # k'],
    ['fills an empty map in block style', ['status', 'ready'], true, 'status: {}', 'status:\n  ready: true'],
    [
      'turns a scalar into a map, the comment beside its key',
      ['spec', 'a'],
      { x: 1 },
      'a: 1   # one',
      'a:   # one\n    x: 1',
    ],
    [
      'appends an absent key after the last entry',
      ['spec', 'c'],
      1,
      '    # end of list\n',
      '    # end of list\n  c: 1\n',
    ],
  ])('%s', (_, path, value, before, after) => {
    expect(editYaml(manifest, [set(path, value)])).toBe(manifest.replace(before, after))
  })

  test('makes block maps of absent parents, lists as the siblings have them', () => {
    const text = editYaml(manifest, [set(['spec', 'c'], { d: [1, { e: 2 }] })])
    expect(text).toContain('  c:\n    d:\n      - 1\n      - e: 2\n  # end of spec\n')
  })

  test('writes into an empty text, and below comments', () => {
    expect(editYaml('', [set(['a', 'b'], 2)])).toBe('a:\n  b: 2\n')
    expect(editYaml('# c\n', [set(['a'], 2)])).toBe('# c\na: 2\n')
  })
})

describe('delete', () => {
  test('takes the comment directly above and beside', () => {
    const plan = planEdit(manifest, [remove(['spec', 'a'])])
    expect(plan.text).toBe(manifest.replace('  # about a\n  a: 1   # one\n', ''))
    expect(plan.ledger.map((entry) => [entry.comment, entry.outcome])).toEqual([
      ['# about a', 'deleted'],
      ['# one', 'deleted'],
    ])
  })

  test('leaves the comment at the end of a list', () => {
    expect(editYaml(manifest, [remove(['spec', 'list', 1])])).toBe(manifest.replace('    - y # why\n', ''))
  })

  test.each([
    ['- a: 1\n  b: 2\n- c: 3\n', [0, 'a'], '- b: 2\n- c: 3\n'],
    ['- a: 1\n', [0, 'a'], '- {}\n'],
    ['- a: 1\n', [0], '[]\n'],
    ['a: 1\nb: 2', ['b'], 'a: 1'],
    ['a: [1, 2, 3]\n', ['a', 2], 'a: [1, 2]\n'],
    ['{\n  "a": 1,\n  "b": [1, 2]\n}\n', ['b'], '{\n  "a": 1\n}\n'],
  ])('%j at %j', (text, path, expected) => {
    expect(editYaml(text, [remove(path)])).toBe(expected)
  })
})

test('rename changes only the key', () => {
  const text = editYaml(manifest, [{ op: 'rename', path: ['spec', 'a'], to: 'alpha' }])
  expect(text).toBe(manifest.replace('  a: 1', '  alpha: 1'))
})

test('append adds the item last, before the comment that ends the list', () => {
  const text = editYaml(manifest, [{ op: 'append', path: ['spec', 'list'], value: 'z' }])
  expect(text).toBe(manifest.replace('# why\n', '# why\n    - z\n'))
})

test('an editor makes all its edits at once', () => {
  const text = editorFor(manifest)
    .set(['spec', 'a'], 2)
    .delete(['spec', 'b'])
    .append(['spec', 'list'], 'z')
    .toString()
  expect(text).toBe(
    manifest.replace('a: 1', 'a: 2').replace('  b: "two"\n', '').replace('# why\n', '# why\n    - z\n'),
  )
})

test('a path that leads nowhere is an error with a code', () => {
  const attempt = () => editYaml(manifest, [remove(['spec', 'missing'])])
  expect(attempt).toThrow(expect.objectContaining({ code: 'NO_SUCH_PATH' }))
  try {
    attempt()
  } catch (error) {
    expect(isYamlEditError(error, 'NO_SUCH_PATH')).toBe(true)
  }
})

test.each<[string, string]>([
  ['- -   []\n  - z\n', '- -   a: 1\n      b: 2\n  - z\n'],
  ['- -   x: 1\n      w: 2\n  - z\n', '- -   a: 1\n      b: 2\n  - z\n'],
  ['- -\n  - z\n', '- - a: 1\n    b: 2\n  - z\n'],
])('what stands several spaces behind a dash stays there: %j', (text, expected) => {
  const plan = planEdit(text, [set([0, 0], { a: 1, b: 2 })])
  expect(plan.text).toBe(expected)
  expect(plan.changes.every(({ reason }) => reason === undefined)).toBe(true)
})

describe('a text without a line feed at its end', () => {
  test.each<[string, string, YamlEdit, string]>([
    ['whose last entry is deleted', 'a: 1\nb: 2', remove(['b']), 'a: 1'],
    ['whose only entry is deleted', '# top\n---\na: 1', remove(['a']), '# top\n---\n{}'],
    ['whose last list becomes another', 'a:\n- name: x\n  v: 1', set(['a'], [1, 'b']), 'a:\n- 1\n- b'],
    ['whose last map becomes another', 'a:\n  b:\n    c: 1', set(['a'], { x: [1] }), 'a:\n  x:\n  - 1'],
    ['whose last item is replaced, CRLF', 'a:\r\n- {b: 1}', set(['a', 0], [1, 2]), 'a:\r\n- - 1\r\n  - 2'],
    ['that needs one for its value now', 'a: 1', set(['a'], 'x\ny\n'), 'a: |\n  x\n  y\n'],
  ])('%s', (_, text, edit, expected) => {
    expect(editYaml(text, [edit])).toBe(expected)
  })
})
