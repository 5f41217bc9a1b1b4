import { describe, expect, test } from 'vitest'
import { editYaml, parseYaml, planReconcile, reconcileYaml } from '../src/index.ts'

const spaced = 'list:\n  # one\n  - a\n\n  # two\n  - b\n\n  - c\n\nnext: 1\n'
const remove = (text: string, ...path: (string | number)[]): string =>
  editYaml(text, [{ op: 'delete', path }])

describe('what is deleted takes a blank line beside it along, where one would be too many', () => {
  test.each<[string, string, (string | number)[], string]>([
    ['a first item', spaced, ['list', 0], 'list:\n  # two\n  - b\n\n  - c\n\nnext: 1\n'],
    ['an item in the middle', spaced, ['list', 1], 'list:\n  # one\n  - a\n\n  - c\n\nnext: 1\n'],
    ['a last item', spaced, ['list', 2], 'list:\n  # one\n  - a\n\n  # two\n  - b\n\nnext: 1\n'],
    ['the last entry', 'a: 1\nb: 2\n\nc: 3\n', ['c'], 'a: 1\nb: 2\n'],
    ['the last entry of a file that ends without a line feed', 'a: 1\n\nb: 2', ['b'], 'a: 1'],
    ['an entry of CRLF lines', 'a: 1\r\n\r\nb: 2\r\n\r\nc: 3\r\n', ['b'], 'a: 1\r\n\r\nc: 3\r\n'],
    [
      'an entry that begins on the line of a dash',
      '- a: 1\n\n  b: 2\n\n  c: 3\n',
      [0, 'a'],
      '- b: 2\n\n  c: 3\n',
    ],
  ])('%s', (_, text, path, expected) => {
    expect(remove(text, ...path)).toBe(expected)
  })

  test.each<[string, string, (string | number)[], string]>([
    ['between two paragraphs', 'a: 1\nb: 2\n\nc: 3\n', ['b'], 'a: 1\n\nc: 3\n'],
    ['below a paragraph', 'a: 1\n\nb: 2\nc: 3\n', ['b'], 'a: 1\n\nc: 3\n'],
    ['above a comment on its own', 'a: 1\n\nb: 2\n# end\n', ['b'], 'a: 1\n\n# end\n'],
    ['below a comment on its own', '# license\n\na: 1\n\nb: 2\n', ['a'], '# license\n\nb: 2\n'],
    ['that belongs to a text before', 'a: |+\n  x\n\nb: 2\nc: 3\n', ['b'], 'a: |+\n  x\n\nc: 3\n'],
  ])('but not one %s', (_, text, path, expected) => {
    expect(remove(text, ...path)).toBe(expected)
  })
})

test('an item in the place of another stands between the blank lines of that one', () => {
  expect(reconcileYaml('- a\n\n- {b: 1}\n\n- c\n- d\n', ['a', 'x', 'c', 'd'])).toBe(
    '- a\n\n- x\n\n- c\n- d\n',
  )
})

test('items that move have the blank lines of their list between them', () => {
  const value = parseYaml(spaced) as { list: string[] }
  const turned = 'list:\n  - c\n\n  # two\n  - b\n\n  # one\n  - a\n\nnext: 1\n'
  expect(reconcileYaml(spaced, { ...value, list: value.list.toReversed() })).toBe(turned)
  expect(reconcileYaml(turned, value)).toBe(spaced)
})

test('an entry that is added and deleted again leaves nothing behind', () => {
  const added = editYaml(spaced, [{ op: 'append', path: ['list'], value: 'd' }])
  expect(added).toBe(spaced.replace('  - c\n', '  - c\n\n  - d\n'))
  expect(remove(added, 'list', 3)).toBe(spaced)
})

test('blank lines that a text would take in go, when what stands between them and the text moves', () => {
  const plan = planReconcile('- |-\n  x\n- false\n   \n- z\n', ['z', false, 'x'])
  expect(plan.text).toBe('- z\n- false\n- |-\n  x\n')
  expect(plan.changes.filter(({ reason }) => reason !== undefined)).toEqual([])
})
