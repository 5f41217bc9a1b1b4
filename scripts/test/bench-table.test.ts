import { describe, expect, it } from 'vitest'
import { formatTable, readRows, replaceBetweenMarks } from '../bench-table.mjs'

const row = { name: 'list again', figure: '4 ms', reference: 'the first list: 1,200 ms', ratio: 0.0033 }

describe('the table of benches', () => {
  it.each([
    [{ aim: 0.05 }, 'at most 0.05x | met'],
    [{ aim: 0.003 }, 'at most 0.003x | MISSED'],
    [{}, '0.0033x'],
  ])('says of %j whether the aim is met', (aim, expected) => {
    expect(formatTable([{ package: 'storage', ...row, ...aim }]).split('\n')[2]).toContain(expected)
  })

  it('lines its columns up', () => {
    const lines = formatTable([
      { package: 'storage', ...row },
      { package: 'a', ...row, name: 'x' },
    ]).split('\n')
    expect(new Set(lines.map((line) => line.length)).size).toBe(1)
  })

  it.each([
    [undefined],
    [[]],
    [[{ ...row, ratio: Number.NaN }]],
    [[{ ...row, figure: 4 }]],
    [[{ ...row, aim: '5x' }]],
  ])('takes no malformed rows: %j', (rows) => {
    expect(() => readRows(rows, 'a.bench.ts')).toThrow('a.bench.ts')
  })

  it('goes between the marks of a document, and only there', () => {
    const document = 'before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n'
    const replaced = replaceBetweenMarks(document, 'new')
    expect(replaced).toBe('before\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\nafter\n')
    expect(replaceBetweenMarks(replaced, 'new')).toBe(replaced)
    expect(() => replaceBetweenMarks('no marks', 'new')).toThrow('no <!-- bench -->')
  })
})
