import { describe, expect, test } from 'vitest'
import { type AliasMode, type YamlEdit, editYaml, parseYaml, reconcileYaml } from '../src/index.ts'

const text = `name: &n web
labels:
  app: *n
base: &b {x: 1}
child:
  <<: *b
  z: 2
list: &l
- a
copy: *l
`
const value = {
  name: 'web',
  labels: { app: 'web' },
  base: { x: 1 },
  child: { x: 1, z: 2 },
  list: ['a'],
  copy: ['a'],
}
const set = (path: (string | number)[], to: unknown): YamlEdit => ({ op: 'set', path, value: to })

test('aliases and merge keys are read as what they stand for', () => {
  expect(parseYaml(text)).toEqual(value)
})

describe('an edit that goes through an alias, or changes what aliases stand for', () => {
  const cases: readonly [string, YamlEdit, Partial<Record<AliasMode, readonly [string, string]>>][] = [
    [
      'sets the anchor',
      set(['name'], 'api'),
      { anchor: ['&n web', '&n api'], expand: ['web\nlabels:\n  app: *n', 'api\nlabels:\n  app: web'] },
    ],
    [
      'sets the alias',
      set(['labels', 'app'], 'api'),
      { anchor: ['&n web', '&n api'], expand: ['*n', 'api'] },
    ],
    ['sets inside an anchor', set(['base', 'x'], 5), { anchor: ['{x: 1}', '{x: 5}'] }],
    [
      'appends to an alias',
      { op: 'append', path: ['copy'], value: 'b' },
      { anchor: ['- a\n', '- a\n- b\n'], expand: ['copy: *l', 'copy:\n- a\n- b'] },
    ],
    [
      'deletes an anchor',
      { op: 'delete', path: ['name'] },
      { expand: ['name: &n web\nlabels:\n  app: *n', 'labels:\n  app: web'] },
    ],
    [
      'empties an anchor',
      { op: 'delete', path: ['list', 0] },
      { anchor: ['list: &l\n- a\n', 'list: &l []\n'] },
    ],
    ['deletes a merged key', { op: 'delete', path: ['child', 'x'] }, {}],
  ]
  test.each(cases)('%s', (_, edit, results) => {
    expect(() => editYaml(text, [edit])).toThrow(expect.objectContaining({ code: 'ALIAS' }))
    for (const [aliases, [before, after]] of Object.entries(results) as [AliasMode, [string, string]][]) {
      expect(editYaml(text, [edit], { aliases }), aliases).toBe(text.replace(before, after))
    }
  })

  test('a merged key is overridden by one of the map itself', () => {
    expect(editYaml(text, [set(['child', 'x'], 5)])).toBe(text.replace('  z: 2\n', '  z: 2\n  x: 5\n'))
  })

  test('expands no alias of what keeps its value', () => {
    const nested = 'name: &n web\nlabels: &l\n  app: *n\nmatch:\n  <<: *l\ncopy: *l\n'
    expect(editYaml(nested, [set(['name'], 'api')], { aliases: 'expand' })).toBe(
      nested.replace('&n web', '&n api').replace('*n', 'web'),
    )
  })

  test('a renamed key keeps its anchor', () => {
    expect(editYaml(text, [{ op: 'rename', path: ['name'], to: 'title' }])).toBe(
      text.replace('name:', 'title:'),
    )
  })
})

describe('a value to reconcile with', () => {
  test('that changes all places alike changes the anchor', () => {
    const wanted = { ...value, name: 'api', labels: { app: 'api' } }
    expect(reconcileYaml(text, wanted)).toBe(text.replace('&n web', '&n api'))
  })

  test('that changes the place of the alias alone has to expand it', () => {
    const wanted = { ...value, labels: { app: 'api' } }
    expect(() => reconcileYaml(text, wanted)).toThrow(expect.objectContaining({ code: 'ALIAS' }))
    expect(reconcileYaml(text, wanted, { aliases: 'expand' })).toBe(text.replace('*n', 'api'))
  })

  test('that takes the value of the anchor away leaves it to the alias', () => {
    expect(reconcileYaml('a: &x 1\nb: *x\n', { a: null, b: 1 }, { aliases: 'expand' })).toBe(
      'a: &x null\nb: 1\n',
    )
  })

  test('that lacks a merged key has to expand the merge', () => {
    const wanted = { ...value, child: { z: 2 } }
    expect(() => reconcileYaml(text, wanted)).toThrow(expect.objectContaining({ code: 'ALIAS' }))
    expect(reconcileYaml(text, wanted, { aliases: 'expand' })).toBe(text.replace('  <<: *b\n', ''))
  })
})
