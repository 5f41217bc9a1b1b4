import { expect, test } from 'vitest'
import { type YamlEdit, planEdit } from '../src/index.ts'

const text = `? a # one
: 1
? long
  key
: - x # in
  - z
? set
b: 2
`
const set = (key: string, value: unknown): YamlEdit => ({ op: 'set', path: [key], value })

test.each<[string, YamlEdit, string, string]>([
  ['a value', set('a', 5), ': 1\n', ': 5\n'],
  ['a value that becomes a map', set('a', { x: 1 }), ': 1\n', ':\n  x: 1\n'],
  ['an item', { op: 'append', path: ['long key'], value: 'w' }, '  - z\n', '  - z\n  - w\n'],
  ['a key without a value gets one', set('set', 'v'), '? set\n', '? set\n: v\n'],
  ['a key without a value gets a list', set('set', [1, 2]), '? set\n', '? set\n:\n  - 1\n  - 2\n'],
  ['a new key stands as usual', set('c', 3), 'b: 2\n', 'b: 2\nc: 3\n'],
  ['a renamed key', { op: 'rename', path: ['a'], to: 'z' }, '? a #', '? z #'],
  ['a deleted key', { op: 'delete', path: ['a'] }, '? a # one\n: 1\n', ''],
])('behind `?`: %s', (_, edit, before, after) => {
  const plan = planEdit(text, [edit])
  expect(plan.text).toBe(text.replace(before, after))
  expect(plan.changes.filter(({ reason }) => reason !== undefined)).toEqual([])
})
