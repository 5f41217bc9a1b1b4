import { expect, test } from 'vitest'
import { type YamlEdit, editYaml, parseYamlDocuments } from '../src/index.ts'

const set = (path: (string | number)[], value: unknown): YamlEdit => ({ op: 'set', path, value })

/** A form that YAML has, an edit, and what of the text it changes. */
test.each<[string, string, YamlEdit, string, string]>([
  ['directives', '%YAML 1.2\n%TAG ! !x-\n---\na: 1\n...\n', set(['a'], 2), 'a: 1', 'a: 2'],
  ['a mark of byte order', '\ufeff# c\na: 1\n', set(['b'], 2), 'a: 1\n', 'a: 1\nb: 2\n'],
  ['CRLF', 'a:\r\n- 1\r\nb: 2\r\n', { op: 'append', path: ['a'], value: 'x' }, '- 1\r\n', '- 1\r\n- x\r\n'],
  ['mixed line ends', 'a: 1\r\nb: 2\nc: 3\r\n', set(['b'], 5), 'b: 2\n', 'b: 5\n'],
  ['tabs', 'a:\t1\t# c\nb:\t\n  x:\t2\n', set(['a'], 5), 'a:\t1\t#', 'a:\t5\t#'],
  ['an anchor', 'a: &x 1 # c\nb: 2\n', set(['a'], 5), '&x 1', '&x 5'],
  ['an alias beside', 'a: &x 1\nb: *x\nc: 1\n', set(['c'], 5), 'c: 1', 'c: 5'],
  ['a merge key beside', 'a: &x {p: 1}\nb:\n  <<: *x\n  q: 2\n', set(['b', 'q'], 5), 'q: 2', 'q: 5'],
  ['a literal', 'a: | # c\n  x\n  z\nb: 1\n', set(['a'], 'x\nw\n'), '  z\n', '  w\n'],
  ['a literal that strips', 'a: |-\n  x\nb: 1\n', set(['a'], 'z'), '  x\n', '  z\n'],
  ['a literal that keeps', 'a: |+\n  x\n\nb: 1\n', set(['a'], 'z\n\n'), '  x\n', '  z\n'],
  [
    'a literal with its indentation',
    'a: |2\n    x\n  z\nb: 1\n',
    set(['a'], '  w\nz\n'),
    '    x\n',
    '    w\n',
  ],
  ['a literal beside', 'a: |2-\n    x\n\n\nb: 1\n', set(['b'], 2), 'b: 1', 'b: 2'],
  ['a folded text', 'a: >-\n  one\n  two\nb: 1\n', set(['b'], 2), 'b: 1', 'b: 2'],
  ['a plain text over lines', 'a: one\n  two\n\n  three\nb: 1\n', set(['b'], 2), 'b: 1', 'b: 2'],
  ['a plain text over lines that changes', 'a: one\n  two # c\nb: 1\n', set(['a'], 'x'), 'one\n  two', 'x'],
  ['quotes over lines', 'a: "one\n  two \\\n  three"\nb: 1\n', set(['b'], 2), 'b: 1', 'b: 2'],
  ['quotes over lines that change', "a: 'one\n  two' # c\nb: 1\n", set(['a'], 'x'), 'one\n  two', 'x'],
  ['a flow list over lines', 'a: [1,\n  2, # c\n  3]\n', set(['a', 1], 5), '2, #', '5, #'],
  ['a flow map over lines', 'a: {\n  x: 1, # c\n}\n', set(['a', 'z'], 5), '1, # c\n', '1, # c\n  z: 5,\n'],
  ['a flow map in a flow list', '[{a: 1}, {b: 2}]\n', set([1, 'b'], 5), 'b: 2', 'b: 5'],
  ['an explicit key', '? a\n: 1\n? b\n: 2\n', set(['b'], 5), ': 2', ': 5'],
  ['a long explicit key', '? |\n  a\n  b\n: 1\nc: 2\n', set(['c'], 5), 'c: 2', 'c: 5'],
  ['a tag', 'a: !custom x\nb: !!str 5\n', set(['b'], 'x'), '!!str 5', '!!str x'],
  ['an empty value', 'a:\nb: # c\nd: ~\n', set(['b'], 5), 'b: # c', 'b: 5 # c'],
  ['an empty value that becomes a map', 'a:\nb: # c\n', set(['b', 'x'], 5), 'b: # c\n', 'b: # c\n  x: 5\n'],
  ['an empty item', '- a\n-\n- c\n', set([1], 'b'), '-\n', '- b\n'],
  ['a list in a list', '- - a\n  - b\n- - c\n', set([1, 0], 'x'), '- - c', '- - x'],
  ['JSON', '{"a": 1, "b": [true, null]}\n', set(['b', 1], 'x'), 'null', '"x"'],
  ['JSON in YAML', 'a: {"b": [1, 2]}\nc: 1\n', set(['a', 'b', 0], 'x'), '[1,', '[x,'],
  ['no line feed at the end', 'a: 1\nb: 2', set(['b'], 3), 'b: 2', 'b: 3'],
  ['a document without a marker after one with', '--- {a: 1}\n---\nb: 2\n', set(['a'], 3), 'a: 1', 'a: 3'],
  ['a key in quotes', '"a b": 1\n\'c\': 2\n', set(['a b'], 3), ': 1', ': 3'],
  ['a key that is a number', '1: a\n0o14: b\n', set(['1'], 'x'), '1: a', '1: x'],
  ['a key that is a boolean', 'on: push\nother: 1\n', set(['on'], 'x'), 'on: push', 'on: x'],
  ['Unicode', 'ключ: "значение" # 😀\n', set(['ключ'], 'é'), '"значение"', '"é"'],
])('%s', (_, text, edit, before, after) => {
  expect(parseYamlDocuments(text).flatMap(({ errors }) => errors)).toEqual([])
  expect(editYaml(text, [edit])).toBe(text.replace(before, after))
})

test('several documents of all kinds, each edited alone', () => {
  const text =
    '# head\n---\na: 1\n--- # second\nb: 2\n---\n# none\n---\n- c\n...\n%YAML 1.2\n---\nd: |\n  e\n'
  const edits: [number, YamlEdit, string, string][] = [
    [0, set(['a'], 5), 'a: 1', 'a: 5'],
    [1, set(['b'], 5), 'b: 2', 'b: 5'],
    [2, set(['x'], 5), '# none\n', '# none\nx: 5\n'],
    [3, { op: 'append', path: [], value: 'x' }, '- c\n', '- c\n- x\n'],
    [4, set(['d'], 'f\n'), '  e\n', '  f\n'],
  ]
  for (const [document, edit, before, after] of edits) {
    expect(editYaml(text, [edit], { document })).toBe(text.replace(before, after))
  }
})
