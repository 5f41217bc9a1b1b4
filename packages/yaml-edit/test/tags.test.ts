import { expect, test } from 'vitest'
import { planEdit } from '../src/index.ts'

test.each<[string, string, unknown, string]>([
  ['stays with a value of its kind', 'a: !custom x # c\nb: 1\n', 'z', 'a: !custom z # c\nb: 1\n'],
  ['stays with a number', 'a: !!int 1\nb: 1\n', 2, 'a: !!int 2\nb: 1\n'],
  ['stays on a map', 'a: !custom\n  x: 1\nb: 1\n', { x: 2 }, 'a: !custom\n  x: 2\nb: 1\n'],
  ['goes when a string becomes a number', 'a: !!str 5 # c\nb: 1\n', 5, 'a: 5 # c\nb: 1\n'],
  ['goes when a string becomes null', 'a: !custom x # c\nb: 1\n', null, 'a: null # c\nb: 1\n'],
  ['goes when a number becomes a string', 'a: !!int 5\nb: 1\n', 'x', 'a: x\nb: 1\n'],
  ['goes when a scalar becomes a map', 'a: !!str x # c\nb: 1\n', { x: 1 }, 'a: # c\n  x: 1\nb: 1\n'],
  ['goes when a scalar becomes an empty list', 'a: !!str x # c\nb: 1\n', [], 'a: [] # c\nb: 1\n'],
  ['goes when a map becomes a scalar', 'a: !!map\n  x: 1\nb: 1\n', 5, 'a: 5\nb: 1\n'],
  ['goes when a map becomes a list', 'a: !custom\n  x: 1\nb: 1\n', [1], 'a:\n- 1\nb: 1\n'],
  ['goes alone where an anchor is', 'a: &x !!str 5\nb: 1\n', 5, 'a: &x 5\nb: 1\n'],
  ['goes alone where an anchor follows', 'a: !!str &x 5\nb: 1\n', 5, 'a: &x 5\nb: 1\n'],
  ['goes from a block', 'a: !!str |\n  x\nb: 1\n', 5, 'a: 5\nb: 1\n'],
  ['stays on nothing that becomes a string', 'a: !custom\nb: 1\n', 'x', 'a: !custom x\nb: 1\n'],
  ['goes in a flow collection', 'a: {k: !!str 5, z: 1}\n', { k: 5, z: 1 }, 'a: {k: 5, z: 1}\n'],
  ['goes first in a flow list', 'a: [!!str 5, 1]\n', [5, 1], 'a: [5, 1]\n'],
])('a tag %s', (_, text, value, expected) => {
  const plan = planEdit(text, [{ op: 'set', path: ['a'], value }])
  expect(plan.text).toBe(expected)
  expect(plan.changes.filter(({ reason }) => reason !== undefined)).toEqual([])
})

test.each<[string, string, unknown, string]>([
  ['of an item', '- !!str 5\n- 1\n', [5, 1], '- 5\n- 1\n'],
  ['of a document', '!!str 5\n', 5, '5\n'],
  ['of a document behind its marker', '--- !!str 5\n', 5, '--- 5\n'],
  ['of a document that becomes a map', '--- !!str 5 # c\n', { a: 1 }, '--- # c\na: 1\n'],
])('the tag %s goes', (_, text, value, expected) => {
  expect(planEdit(text, [{ op: 'set', path: [], value }]).text).toBe(expected)
})

test.each<[string, unknown, string]>([
  ['! a\n', { a: 1 }, 'a: 1\n'],
  ['---\n!foo "bar"\n...\n', { a: 1 }, '---\na: 1\n...\n'],
  ['!!str x # c\n', [1], '- 1\n'],
])('the tag of the document %j goes when it becomes a collection', (text, value, expected) => {
  const plan = planEdit(text, [{ op: 'set', path: [], value }])
  expect(plan.text.replace('# c\n', '')).toBe(expected)
})
