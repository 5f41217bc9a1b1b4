import { hasTypeMeta, isRecord } from '@lg/runtime'
import { readCorpus } from '@lg/corpus'
import { parseYamlDocuments } from '@lg/yaml-edit'
import { describe, expect, it } from 'vitest'
import { createRecognizer, createSerializer, yamlFrameReader, yamlFrameWriter } from '../src/index.ts'
import { createTestScheme } from './kinds.ts'

const files = readCorpus('files')
const broken = readCorpus('invalid')
const encoder = new TextEncoder()

describe.skipIf(files.length === 0)('real manifests', () => {
  it('are recognised as a parser would', () => {
    const recognize = createRecognizer()
    let documents = 0
    for (const { name, text } of [...files, ...broken]) {
      const recognized = recognize(name, encoder.encode(text)).documents
      const parsed = parseYamlDocuments(text)
      const filled = parsed.filter(({ empty }) => !empty)
      expect(recognized.filter(({ type }) => type !== 'empty').length, name).toBe(filled.length)
      if (recognized.length > 0) expect(recognized.length, name).toBe(parsed.length)
      recognized.forEach((document, index) => {
        documents++
        const { value, errors } = parsed[index] ?? { value: undefined, errors: [] }
        if (errors.length > 0 && value === undefined) return
        expect(
          [document.apiVersion, document.kind, document.key?.name, document.key?.namespace],
          name,
        ).toEqual(identityOf(value))
      })
    }
    expect(documents).toBeGreaterThan(1900)
  })

  it('come back byte for byte', async () => {
    const serializer = createSerializer({ scheme: createTestScheme() })
    const decoder = serializer.decoder({ decodeUnknown: true, decodeListElements: false })
    const others: string[] = []
    for (const { name, text } of files) {
      try {
        const objects = await decoder.decodeAll(yamlFrameReader(text, { path: name }))
        let written = ''
        const writer = yamlFrameWriter((part) => void (written += part))
        await serializer.encoder({ strict: true }).encode(writer, ...objects)
        if (objects.length > 0) expect(written, name).toBe(text)
      } catch (error) {
        others.push(`${name}: ${(error as { code?: string }).code ?? String(error)}`)
      }
    }
    // Two files hold values of charts, which are no objects.
    expect(others.filter((line) => !line.endsWith(': INVALID_OBJECT'))).toEqual([])
    expect(others.length).toBeLessThanOrEqual(2)
  })
})

function identityOf(value: unknown): readonly (string | undefined)[] {
  if (!hasTypeMeta(value)) return [undefined, undefined, undefined, undefined]
  const { metadata, items } = value as { readonly metadata?: unknown; readonly items?: unknown }
  const { name, namespace = '' } =
    isRecord(metadata) ? (metadata as { name?: string; namespace?: string }) : {}
  const named =
    typeof name === 'string' && name !== '' && !(value.kind.endsWith('List') && Array.isArray(items))
  return [value.apiVersion, value.kind, named ? name : undefined, named ? namespace : undefined]
}
