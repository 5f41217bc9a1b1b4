import { isLgError, keyId } from '@lg/runtime'
import { contentVersion, planDocumentDelete, planDocumentWrite } from '@lg/storage-raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf, names, recognize, stream, textOf } from './streams.ts'

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

  it.each([
    ['UTF-16', Buffer.from('\uFEFFkind: Car\n', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('kind: Car\n', 'utf16le')],
    ['Latin-1', Buffer.from('owner: Andr\u00e9\n', 'latin1')],
  ])('puts nothing into a file in %s', (_, before) => {
    expect(() =>
      planDocumentWrite(
        { path: 'x.yaml', bytes: before },
        keyOf('a'),
        Buffer.from(textOf('a', 1)),
        recognize,
      ),
    ).toThrow(expect.objectContaining({ code: 'DOCUMENT_MISMATCH' }))
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
