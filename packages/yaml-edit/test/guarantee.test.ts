import { expect, test } from 'vitest'
import { editYaml, parseYaml, planEdit } from '../src/index.ts'

test('a plan says which ranges change, to what, and at which path and line', () => {
  const { text, changes, ledger } = planEdit('a: 1\nlist:\n- x # c\n- z\n', [
    { op: 'set', path: ['a'], value: 2 },
    { op: 'delete', path: ['list', 0] },
    { op: 'append', path: ['list'], value: 'w' },
  ])
  expect(text).toBe('a: 2\nlist:\n- z\n- w\n')
  expect(changes).toEqual([
    { start: 3, end: 4, line: 1, text: '2', action: 'set', path: ['a'] },
    { start: 11, end: 19, line: 3, text: '', action: 'delete', path: ['list', 0] },
    { start: 23, end: 23, line: 5, text: '- w\n', action: 'insert', path: ['list', 1] },
  ])
  expect(ledger).toEqual([{ comment: '# c', line: 3, path: ['list', 0], outcome: 'deleted' }])
})

test('where less does not read back as wanted, the smallest block is written anew, with the reason', () => {
  const text = '# top\na: 1\nb: # list\n-\t-1\n- 2\n'
  const plan = planEdit(text, [{ op: 'set', path: ['b', 0], value: { k: 1 } }])
  expect(plan.text).toBe('# top\na: 1\nb: # list\n- k: 1\n- 2\n')
  expect(plan.changes).toEqual([
    expect.objectContaining({ path: ['b'], reason: 'no smaller change reads back as wanted' }),
  ])
})

test('an edit that no text was found for is refused with a code', () => {
  expect(() => editYaml('!\n', [{ op: 'set', path: [], value: null }])).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED_EDIT', details: { path: [], document: 0 } }),
  )
})

test('a text that is broken is refused before anything is written', () => {
  for (const broken of ['a: 1\na: 2\n', 'a: "x\n', 'a: 1\n b: 2\n', 'a: \0\n', 'a: *x\n']) {
    expect(() => parseYaml(broken)).toThrow(expect.objectContaining({ name: 'YamlEditError' }))
    expect(() => editYaml(broken, [{ op: 'set', path: ['z'], value: 1 }])).toThrow(
      expect.objectContaining({ name: 'YamlEditError' }),
    )
  }
})
