import { expect, test } from 'vitest'
import { type YamlEdit, editYaml } from '../src/index.ts'

const columns = `a: 1      # one
bb: 22    # two
ccc: 333  # three

d: 4      # apart
`
const set = (key: string, value: unknown): YamlEdit => ({ op: 'set', path: [key], value })

test.each<[string, string, YamlEdit[], string]>([
  ['a longer value', columns, [set('a', 12345)], columns.replace('a: 1      #', 'a: 12345  #')],
  ['a shorter value', columns, [set('ccc', 3)], columns.replace('ccc: 333  #', 'ccc: 3    #')],
  ['a value that is too long', columns, [set('bb', 123456789)], columns.replace('22    #', '123456789 #')],
  [
    'a key of another length',
    columns,
    [{ op: 'rename', path: ['bb'], to: 'b' }],
    columns.replace('bb: 22    #', 'b: 22     #'),
  ],
  ['a value that was empty', 'a:     # one\nb: 1   # two\n', [set('a', 2)], 'a: 2   # one\nb: 1   # two\n'],
  [
    'an item of a flow list',
    'a: [x]   # one\nb: 1     # two\n',
    [{ op: 'append', path: ['a'], value: 'z' }],
    'a: [x, z] # one\nb: 1     # two\n',
  ],
  [
    'all lines at once',
    columns,
    [set('a', 11), set('bb', 2), set('ccc', 'x#y')],
    'a: 11     # one\nbb: 2     # two\nccc: x#y  # three\n\nd: 4      # apart\n',
  ],
])('comments that stand in a column stay in it: %s', (_, text, edits, expected) => {
  expect(editYaml(text, edits)).toBe(expected)
})

test.each<[string, string, string]>([
  ['has none beside it', 'a: 1   # one\nbb: 22\n', 'a: 12345   # one\nbb: 22\n'],
  ['stands one space behind by chance', 'a: 1 # one\nb: 2 # two\n', 'a: 12345 # one\nb: 2 # two\n'],
  ['has tabs before it', 'a: 1\t\t# one\nb: 2\t\t# two\n', 'a: 12345\t\t# one\nb: 2\t\t# two\n'],
  ['has other text at its column', "a: 1  # one\nb: '  # no'\n", "a: 12345  # one\nb: '  # no'\n"],
])('the gap before a comment stays when it %s', (_, text, expected) => {
  expect(editYaml(text, [set('a', 12345)])).toBe(expected)
})
