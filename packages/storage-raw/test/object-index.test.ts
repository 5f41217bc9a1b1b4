import { createObjectIndex, indexFile, type IndexedFile } from '@lg/storage-raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf, names, recognize, textOf } from './streams.ts'

describe('the index', () => {
  const file = fc.record({
    path: fc.constantFrom('a.yaml', 'b.yaml', 'c/d.yaml', 'c/e.yaml'),
    holds: fc.array(fc.constantFrom(...names, 'broken: [', 'plain'), { maxLength: 4 }),
    gone: fc.boolean(),
  })
  const toFile = ({
    path,
    holds,
  }: {
    readonly path: string
    readonly holds: readonly string[]
  }): IndexedFile => {
    const text = holds.map((name) => (names.includes(name) ? textOf(name, 1) : `${name}\n`)).join('---\n')
    return indexFile(path, Buffer.from(text), recognize)
  }

  it('is the same however it came about, and old states stay', () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 12 }), (changes) => {
        let index = createObjectIndex()
        const files = new Map<string, IndexedFile>()
        const states: [typeof index, string][] = []
        const describeIndex = (of: typeof index): string =>
          JSON.stringify([[...of.list()], of.problems(), [...of.files()].map(({ path }) => path), of.size])
        for (const change of changes) {
          const made = toFile(change)
          if (change.gone) files.delete(change.path)
          else files.set(change.path, made)
          index = change.gone ? index.with([], [change.path]) : index.with([made])
          states.push([index, describeIndex(index)])
        }
        expect(describeIndex(index)).toBe(describeIndex(createObjectIndex(files.values())))
        for (const [state, description] of states) expect(describeIndex(state)).toBe(description)
        for (const name of names) {
          const holders = [...files.values()]
            .flatMap(({ documents }) => documents)
            .filter(({ key }) => key.name === name)
          const [first] = holders.toSorted((a, b) =>
            a.location.path < b.location.path ? -1
            : a.location.path > b.location.path ? 1
            : a.location.document - b.location.document,
          )
          expect(index.get(keyOf(name))?.location).toEqual(first?.location)
        }
      }),
    )
  })
})
