import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSortedMap } from '../src/sorted-map.ts'

describe('the sorted map', () => {
  it('is a map in order, and old states stay', () => {
    const change = fc.dictionary(
      fc.stringMatching(/^[a-c]{0,4}$/),
      fc.option(fc.nat(9), { nil: undefined }),
      { maxKeys: 400 },
    )
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 8 }),
        fc.constantFrom('', 'a', 'ab', 'c'),
        (changes, prefix) => {
          let map = createSortedMap<number>()
          const model = new Map<string, number>()
          for (const changed of changes) {
            const previous = map
            const before = [...previous.entries()]
            map = map.with(new Map(Object.entries(changed)))
            for (const [key, value] of Object.entries(changed)) {
              if (value === undefined) model.delete(key)
              else model.set(key, value)
            }
            expect([...previous.entries()]).toEqual(before)
          }
          const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
          expect([...map.entries()]).toEqual(sorted)
          expect([...map.entries(prefix)]).toEqual(sorted.filter(([key]) => key.startsWith(prefix)))
          expect(map.size).toBe(model.size)
          for (const [key, value] of model) expect(map.get(key)).toBe(value)
          expect(map.get('zzz')).toBeUndefined()
        },
      ),
    )
  })
})
