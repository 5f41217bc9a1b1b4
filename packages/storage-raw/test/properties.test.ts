import { compareKeys, isLgError, keyId, objectKey, type ObjectKey } from '@lg/runtime'
import { createRecognizer } from '@lg/serializer'
import {
  contentVersion,
  createIndexedRawStorage,
  createMemoryTree,
  createObjectIndex,
  createPlacement,
  indexFile,
  planDocumentDelete,
  planDocumentWrite,
  type IndexedFile,
} from '@lg/storage-raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSortedMap } from '../src/sorted-map.ts'

const recognize = createRecognizer()
const names = ['a', 'b', 'c', 'd']
const keyOf = (name: string): ObjectKey =>
  objectKey({ group: 'example.org', kind: 'Car', namespace: 'default', name })
const textOf = (name: string, mark: number): string =>
  `apiVersion: example.org/v1\nkind: Car\nmetadata:\n  name: ${name}\n  namespace: default\nspec: ${mark}\n`

/** A document of a stream: one of our objects with noise around it, or something else. */
const document = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.nat(9),
      fc.constantFrom('', '# above\n', '\n\n'),
      fc.constantFrom('', '# below\n', '\n'),
    )
    .map(([name, mark, above, below]) => `${above}${textOf(name, mark)}${below}`),
  fc.constantFrom(
    '# only a comment\n',
    'plain: value\n',
    '',
    '\n',
    'text: |\n  a\n\n',
    '- 1\n- 2\n',
    'broken: [\n',
    '{a: 1}\n',
  ),
)
const stream = fc
  .tuple(
    fc.array(document, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '---\n', '# head\n---\n', '%YAML 1.2\n---\n'),
    fc.constantFrom('---\n', '--- # c\n', '...\n---\n'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([documents, head, separator, crlf, cut]) => {
    const text = head + documents.join(separator)
    const lines = crlf ? text.replaceAll('\n', '\r\n') : text
    return cut ? lines.replace(/\r?\n$/, '') : lines
  })

/** The bytes of each document but those of one key, in order. */
function others(bytes: Uint8Array, name: string): string[] {
  const rest: string[] = []
  let passed = false
  for (const { key, problem, start, end } of recognize('x.yaml', bytes).documents) {
    const isIt = problem === undefined && key !== undefined && keyId(key) === keyId(keyOf(name))
    if (isIt && !passed) passed = true
    else rest.push(Buffer.from(bytes.subarray(start, end)).toString())
  }
  return rest
}

describe('splicing a document', () => {
  it('leaves every other document byte for byte the same, or refuses', () => {
    let written = 0
    fc.assert(
      fc.property(stream, fc.constantFrom(...names), fc.nat(99), (text, name, mark) => {
        const before = Buffer.from(text)
        const document = Buffer.from(textOf(name, mark))
        try {
          const { change } = planDocumentWrite(
            { path: 'x.yaml', bytes: before },
            keyOf(name),
            document,
            recognize,
          )
          const after = change.file.after ?? new Uint8Array()
          expect(others(after, name)).toEqual(others(before, name))
          const stored = recognize('x.yaml', after).documents[change.location.document]
          const content = Buffer.from(after.subarray(stored?.start, stored?.end))
          expect(content.toString().trimEnd()).toBe(textOf(name, mark).trimEnd())
          expect(change.version).toBe(contentVersion(content))
          written++
        } catch (error) {
          if (!isLgError(error, 'DOCUMENT_MISMATCH')) throw error
        }
        expect(before.toString()).toBe(text)
      }),
      { numRuns: 1000 },
    )
    expect(written).toBeGreaterThan(600)
  })

  it('takes a document out, and the rest stays', () => {
    let deleted = 0
    fc.assert(
      fc.property(stream, fc.constantFrom(...names), (text, name) => {
        const before = Buffer.from(text)
        try {
          const { change } = planDocumentDelete({ path: 'x.yaml', bytes: before }, keyOf(name), recognize)
          const { after } = change.file
          const rest = recognize('x.yaml', before).documents.filter(({ type }) => type !== 'empty')
          if (after === undefined) expect(rest).toHaveLength(1)
          else expect(others(after, 'none')).toEqual(others(before, name))
          deleted++
        } catch (error) {
          if (!isLgError(error, 'NOT_FOUND') && !isLgError(error, 'DOCUMENT_MISMATCH')) throw error
        }
      }),
      { numRuns: 1000 },
    )
    expect(deleted).toBeGreaterThan(150)
  })

  it('does not change the value of a literal at the end of a file', () => {
    const literal = `${textOf('a', 1)}text: |\n  no newline`
    const { change } = planDocumentWrite(
      { path: 'x.yaml', bytes: Buffer.from(literal) },
      keyOf('b'),
      Buffer.from(textOf('b', 2)),
      recognize,
    )
    expect(Buffer.from(change.file.after ?? []).toString()).toBe(`${textOf('b', 2)}---\n${literal}`)
  })
})

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

describe('a storage', () => {
  const command = fc.oneof(
    fc.record({ type: fc.constant('write' as const), name: fc.constantFrom(...names), mark: fc.nat(9) }),
    fc.record({ type: fc.constant('delete' as const), name: fc.constantFrom(...names) }),
    fc.record({
      type: fc.constant('outside' as const),
      path: fc.constantFrom('x.yaml', 'Car/default/a.yaml'),
      text: stream,
    }),
  )
  it('holds what was written, whatever happens beside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
        const files = createMemoryTree()
        const storage = createIndexedRawStorage({
          files,
          recognize,
          place: createPlacement('{kind}/{namespace}/{name}.yaml'),
        })
        for (const step of commands) {
          if (step.type === 'outside') {
            const before = (await files.read(step.path))?.bytes
            await files.replace({ path: step.path, before, after: Buffer.from(step.text) })
            continue
          }
          const known = new Map((await storage.list()).map(({ key, version }) => [keyId(key), version]))
          const key = keyOf(step.name)
          const work =
            step.type === 'write' ?
              storage.write(key, Buffer.from(textOf(step.name, step.mark)))
            : storage.delete(key)
          const done = await work.then(
            () => true,
            (error: unknown) => {
              if (isLgError(error, 'NOT_FOUND') || isLgError(error, 'DOCUMENT_MISMATCH')) return false
              throw error
            },
          )
          const now = await storage.list()
          expect(now.map(({ key: found }) => found)).toEqual(
            now.map(({ key: found }) => found).toSorted(compareKeys),
          )
          if (done && step.type === 'write') {
            const { bytes } = await storage.read(key)
            expect(Buffer.from(bytes).toString().replaceAll('\r\n', '\n').trimEnd()).toBe(
              textOf(step.name, step.mark).trimEnd(),
            )
          }
          for (const { key: other, version } of now) {
            if (keyId(other) !== keyId(key) && known.has(keyId(other)))
              expect(version).toBe(known.get(keyId(other)))
          }
        }
      }),
    )
  })
})
