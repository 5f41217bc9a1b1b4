import { describe, expect, test } from 'vitest'
import { type YamlEdit, parseYamlDocuments, planEdit, reconcileYaml } from '../src/index.ts'

const text = `# before the first
---
# about spec
spec: # beside spec
  # alone

  # about a
  a: 1 # beside a
  list: # beside list
  # about x
  - x # beside x
  # between

  - z
  # end of list
  b: |
    # no comment
  # end of spec
last: 1
# after last
...
# between documents
---
other: 1 # beside other
# after the last document
`
const comments = (source: string): string[] => source.match(/# .*/g) ?? []

describe('each comment stays with what it describes', () => {
  test.each<[string, YamlEdit, string, string]>([
    ['set', { op: 'set', path: ['spec', 'a'], value: 2 }, 'a: 1', 'a: 2'],
    [
      'set to a map',
      { op: 'set', path: ['spec', 'a'], value: { x: 1 } },
      'a: 1 # beside a',
      'a: # beside a\n    x: 1',
    ],
    ['rename', { op: 'rename', path: ['spec', 'list'], to: 'items' }, 'list:', 'items:'],
    ['append', { op: 'append', path: ['spec', 'list'], value: 'w' }, '- z\n', '- z\n\n  - w\n'],
    [
      'set an absent entry',
      { op: 'set', path: ['spec', 'c'], value: 1 },
      '# no comment\n',
      '# no comment\n  c: 1\n',
    ],
    [
      'set an absent entry of the document',
      { op: 'set', path: ['new'], value: 1 },
      'last: 1\n',
      'last: 1\nnew: 1\n',
    ],
    ['delete what has none', { op: 'delete', path: ['last'] }, 'last: 1\n', ''],
  ])('%s', (_, edit, before, after) => {
    const plan = planEdit(text, [edit])
    expect(plan.text).toBe(text.replace(before, after))
    expect(plan.ledger).toEqual([])
    expect(comments(plan.text)).toEqual(comments(text))
  })

  test('an item that moves takes along what stands directly above and beside it', () => {
    const value = parseYamlDocuments(text)[0]?.value as { spec: { list: string[] } }
    const turned = reconcileYaml(text, { ...value, spec: { ...value.spec, list: ['z', 'x'] } })
    expect(turned).toContain('  - z\n\n  # about x\n  - x # beside x\n')
    expect(comments(turned).toSorted()).toEqual(comments(text).toSorted())
    expect(comments(reconcileYaml(turned, value))).toEqual(comments(text))
  })

  test('another document is edited between its own', () => {
    const plan = planEdit(text, [{ op: 'set', path: ['new'], value: 1 }], { document: 1 })
    expect(plan.text).toBe(text.replace('# beside other\n', '# beside other\nnew: 1\n'))
  })
})

describe('a comment of something deleted goes with it only when it', () => {
  test('stands beside it, or directly above', () => {
    const plan = planEdit(text, [{ op: 'delete', path: ['spec', 'a'] }])
    expect(plan.text).toBe(text.replace('  # about a\n  a: 1 # beside a\n', ''))
    expect(plan.ledger.map(({ comment, outcome }) => [comment, outcome])).toEqual([
      ['# about a', 'deleted'],
      ['# beside a', 'deleted'],
    ])
  })

  test('or stands in it', () => {
    const plan = planEdit(text, [{ op: 'delete', path: ['spec'] }])
    expect(plan.text).toBe(text.replace(/# about spec\n[^]*# end of spec\n/, ''))
    expect(plan.ledger.every(({ outcome }) => outcome === 'deleted')).toBe(true)
  })
})
