import { createScheme, type KubernetesObject } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { expect, it } from 'vitest'

const text = 'apiVersion: example.org/v1\nkind: Car # mine\nmetadata:\n  name: foo\n'

it('knows the text of a copy, also of a frozen one, and leaves no trace on either', async () => {
  const serializer = createSerializer({ scheme: createScheme() })
  const decoder = serializer.decoder({ decodeUnknown: true })
  const object = await decoder.decodeDocument(text)
  const copies: KubernetesObject[] = [structuredClone(object), Object.freeze(structuredClone(object))]
  for (const copy of copies) {
    expect(serializer.sourceOf(copy)).toBeUndefined()
    serializer.copySource(object, copy)
    expect(serializer.sourceOf(copy)).toBe(text)
    expect(Reflect.ownKeys(copy)).toEqual(['apiVersion', 'kind', 'metadata'])
    expect(createSerializer({ scheme: createScheme() }).sourceOf(copy)).toBeUndefined()
  }
  const other = await decoder.decodeDocument(text.replace('mine', 'yours'))
  for (const copy of copies) {
    serializer.copySource(other, copy)
    expect(serializer.sourceOf(copy)).toContain('# yours')
  }
})
