import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type DocumentRange,
  type YamlEdit,
  type YamlPlan,
  editYaml,
  formatYaml,
  parseYaml,
  parseYamlDocuments,
  planReconcile,
  reconcileYaml,
  splitDocuments,
} from '../src/index.ts'
import { equalValues, toPlainValue } from '../src/plain-value.ts'
import { parseDocument } from '../src/syntax/parse-document.ts'
import { yamlScalar, yamlValue } from './support/arbitraries.ts'
import { nodesOf } from './support/manifest-nodes.ts'
import { styledYaml } from './support/styled-yaml.ts'

const seed = fc.integer({ min: 0, max: 2 ** 31 })

function equal(a: unknown, b: unknown): boolean {
  return equalValues(toPlainValue(a), toPlainValue(b))
}

describe('for any value in any style', () => {
  test('what formatYaml writes reads back as the value', () => {
    fc.assert(
      fc.property(yamlValue, (value) => {
        expect(equal(parseYaml(formatYaml(value)), value)).toBe(true)
      }),
    )
  })

  test('the text reads back as the value', () => {
    fc.assert(
      fc.property(yamlValue, seed, (value, style) => {
        const [document] = parseYamlDocuments(styledYaml(value, style))
        expect(document?.errors).toEqual([])
      }),
    )
  })

  test('reconciled with its own value it is not touched', () => {
    fc.assert(
      fc.property(yamlValue, seed, (value, style) => {
        const text = styledYaml(value, style)
        expect(reconcileYaml(text, parseYamlDocuments(text)[0]?.value)).toBe(text)
      }),
    )
  })

  test('reconciled with another value it reads as that one, once and for all', () => {
    fc.assert(
      fc.property(yamlValue, seed, yamlValue, (value, style, wanted) => {
        const text = styledYaml(value, style)
        const plan = planReconcile(text, wanted)
        expect(equal(parseYamlDocuments(plan.text)[0]?.value, wanted)).toBe(true)
        expect(reconcileYaml(plan.text, wanted)).toBe(plan.text)
        expect(applied(text, plan)).toBe(plan.text)
      }),
    )
  })

  test('no comment goes without a word in the ledger', () => {
    fc.assert(
      fc.property(yamlValue, seed, yamlValue, (value, style, wanted) => {
        const text = styledYaml(value, style)
        const plan = planReconcile(text, wanted)
        const gone = plan.ledger.filter(
          (entry) => entry.outcome === 'deleted' || entry.outcome === 'dropped',
        ).length
        expect(marks(plan.text) + gone).toBeGreaterThanOrEqual(marks(text))
      }),
    )
  })
})

describe('an edit of one value', () => {
  test('changes the lines that it stands on, and no other byte', () => {
    fc.assert(
      fc.property(yamlValue, seed, fc.nat(), fc.constantFrom('text', 7, true), (value, style, at, next) => {
        const text = styledYaml(value, style)
        const [document] = parseYamlDocuments(text)
        const { scalars } = nodesOf(parseDocument(text, splitDocuments(text)[0] as DocumentRange).root)
        const found = scalars[at % Math.max(scalars.length, 1)]
        // The whole document may be one scalar; without an end of its line there is nothing to compare.
        if (document === undefined || found === undefined || found.path.length === 0) return
        const { start, end } = found.node
        const changed = editYaml(text, [{ op: 'set', path: found.path, value: next }])
        const lineStart = text.lastIndexOf('\n', start - 1) + 1
        const lineEnd = text.indexOf('\n', end)
        expect(changed.slice(0, lineStart)).toBe(text.slice(0, lineStart))
        if (lineEnd >= 0) expect(changed.endsWith(text.slice(lineEnd))).toBe(true)
      }),
    )
  })
})

describe('edits of two entries of one map', () => {
  const two = fc.tuple(yamlScalar, yamlScalar)
  // Which quotes are the usual ones of a document may change with its first edit.
  const unquoted = fc.constantFrom('text', 'other', 5, true, null, [1, { a: 'b' }], 'two\nlines\n')
  const twoUnquoted = fc.tuple(unquoted, unquoted)
  test('can be made in either order, or at once', () => {
    fc.assert(
      fc.property(two, twoUnquoted, seed, ([a, b], [c, d], style) => {
        const text = styledYaml({ first: a, middle: [1], second: b }, style)
        const one: YamlEdit = { op: 'set', path: ['first'], value: c }
        const other: YamlEdit = { op: 'set', path: ['second'], value: d }
        const together = editYaml(text, [one, other])
        expect(editYaml(editYaml(text, [one]), [other])).toBe(together)
        expect(editYaml(editYaml(text, [other]), [one])).toBe(together)
      }),
    )
  })
})

/** The changes of a plan made by hand. */
function applied(text: string, plan: YamlPlan): string {
  return plan.changes
    .toReversed()
    .reduce((all, { start, end, text: inserted }) => all.slice(0, start) + inserted + all.slice(end), text)
}

/** The comments that the generator wrote. */
function marks(text: string): number {
  return text.match(/# (?:head|tail|free|above \d+|beside \d+|end|in flow)(?=\r?\n|$)/g)?.length ?? 0
}
