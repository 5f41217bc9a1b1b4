import { describe, expect, test } from 'vitest'
import { planReconcile, reconcileYaml } from '../src/index.ts'

const stacked = `a: [
  # first
  one, # 1
  two, # 2
  three # 3
]
`

describe('items of a flow collection that stand on lines of their own', () => {
  test.each<[string, string, unknown, string]>([
    [
      'take their comments along when they move',
      stacked,
      ['three', 'two', 'one'],
      'a: [\n  three, # 3\n  two, # 2\n  # first\n  one # 1\n]\n',
    ],
    ['take them along when they go', stacked, ['one', 'three'], stacked.replace('  two, # 2\n', '')],
    ['leave no comma behind', stacked, ['one', 'two'], 'a: [\n  # first\n  one, # 1\n  two # 2\n]\n'],
    [
      'come with a comma where it has to be',
      stacked,
      ['zero', 'one', 'two', 'three', { b: 1 }],
      'a: [\n  zero,\n  # first\n  one, # 1\n  two, # 2\n  three, # 3\n  {b: 1}\n]\n',
    ],
    [
      'take the place of others',
      'a: {\n    k: -81,\n    other: []\n  }\n',
      { k: -81, fresh: true },
      'a: {\n    k: -81,\n    fresh: true\n  }\n',
    ],
    ['may all be other ones', 'a: [\n  x,\n  z,\n]\n', [{ b: 1 }], 'a: [\n  {b: 1},\n]\n'],
    [
      'change within',
      'a: [\n  {id: x, v: 1}, # x\n  {id: z, v: 2}\n]\n',
      [
        { id: 'z', v: 2 },
        { id: 'x', v: 3 },
      ],
      'a: [\n  {id: z, v: 2},\n  {id: x, v: 3} # x\n]\n',
    ],
  ])('%s', (_, text, value, expected) => {
    const plan = planReconcile(text, { a: value })
    expect(plan.text).toBe(expected)
    expect(plan.changes.filter(({ reason }) => reason !== undefined)).toEqual([])
  })
})

describe('items of a flow collection that share lines', () => {
  test.each<[string, string, unknown, string]>([
    ['take the place of others', 'a: [ x, z ]\n', ['x', { b: 1 }], 'a: [ x, {b: 1} ]\n'],
    ['come and go', 'a: [x,z,  w]\n', [{ b: 1 }, 'z'], 'a: [{b: 1},z]\n'],
    ['come first and last', 'a: [x,z]\n', [{ b: 1 }, 'x', 'z', { c: 2 }], 'a: [{b: 1},x,z,{c: 2}]\n'],
    ['leave the comment of another', 'a: [x, # x\n  z, # z\n  w]\n', ['x', 'z'], 'a: [x, # x\n  z # z\n]\n'],
    [
      'leave the line feeds around',
      'a: {x: 1,\n    z: 3,\n    w: 4}\n',
      { x: 1, w: 4 },
      'a: {x: 1,\n    w: 4}\n',
    ],
    ['change places', 'a: [x, z,\n    v,w]\n', ['w', 'v', 'z', 'x'], 'a: [w, v,\n    z,x]\n'],
    ['leave a comma at the end', 'a: [x, z,]\n', ['x'], 'a: [x,]\n'],
  ])('%s', (_, text, value, expected) => {
    expect(reconcileYaml(text, { a: value })).toBe(expected)
  })
})
