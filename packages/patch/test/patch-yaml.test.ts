import { patchYaml, planPatchYaml, type Patch } from '@lg/patch'
import { isRecord } from '@lg/runtime'
import { parseYamlDocuments, reconcileYaml } from '@lg/yaml-edit'
import { describe, expect, it } from 'vitest'
import { failureOf, json } from './failure.ts'
import { rfc6902, rfc7396 } from './rfc-vectors.ts'

const text = `# the fleet
kind: Car # c
spec:
  wheels:

    - {name: front,  size: 18}   # left and right
    - name: back
      size: 20
status:
  speed:   1   # m/s
  distance: 12176941420362965433
---
kind: Other
`

describe('patching YAML text', () => {
  it('changes what the patch says and nothing else', () => {
    const expected = text.replace('speed:   1 ', 'speed:   24.7 ')
    expect(patchYaml(text, { type: 'merge', patch: { status: { speed: 24.7 } } })).toBe(expected)
    expect(patchYaml(text, { type: 'strategic', patch: { status: { speed: 24.7 } } })).toBe(expected)
    const operations = [{ op: 'replace', path: '/status/speed', value: 24.7 }]
    expect(patchYaml(text, { type: 'json', patch: operations })).toBe(expected)
  })
  it('finds list items by their merge key', () => {
    const schema = {
      properties: {
        spec: {
          properties: { wheels: { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] } },
        },
      },
    }
    const patch = { spec: { wheels: [{ name: 'front', size: 19 }] } }
    expect(patchYaml(text, { type: 'strategic', patch }, { schema })).toBe(
      text.replace('size: 18', 'size: 19'),
    )
  })
  it('takes one document of several', () => {
    const patched = patchYaml(text, { type: 'merge', patch: { kind: 'New' } }, { document: 1 })
    expect(patched).toBe(text.replace('kind: Other', 'kind: New'))
    expect(failureOf(() => patchYaml(text, { type: 'merge', patch: {} }, { document: 2 }))).toBe(
      'PATCH_FAILED',
    )
  })
  it('tells what it changes', () => {
    const plan = planPatchYaml(text, { type: 'merge', patch: { status: { speed: 2 } } })
    expect(plan.changes).toHaveLength(1)
    expect(plan.ledger).toEqual([])
  })
  it('refuses text that is not YAML', () => {
    expect(failureOf(() => patchYaml('a: [', { type: 'merge', patch: { a: 1 } }))).toBe('SYNTAX')
  })
})

describe('the examples of the RFCs, on YAML text', () => {
  const examples = [
    ...rfc7396.map(([value, patch, expected]) => ({ type: 'merge', value, patch, expected }) as const),
    ...rfc6902.map(([, value, patch, expected]) => ({ type: 'json', value, patch, expected }) as const),
    // A patch of a document is a map, and so is what comes of it.
  ].filter(({ type, value, patch, expected }) =>
    [value, expected, ...(type === 'merge' ? [patch] : [])].every((text) => isRecord(json(text))),
  )
  const valueOf = (text: string): unknown => parseYamlDocuments(text)[0]?.value

  it.each(examples)('$type: $value with $patch is $expected', ({ type, value, patch, expected }) => {
    const change = { type, patch: json(patch) } as Patch
    const block = reconcileYaml('# above\n\n', json(value))
    for (const text of [block, `# above\n\n${value} # behind\n`]) {
      expect(valueOf(text)).toEqual(json(value))
      const patched = patchYaml(text, change)
      expect(valueOf(patched)).toEqual(json(expected))
      expect(patched.startsWith('# above\n\n')).toBe(true)
    }
  })
  it('are nearly all of them', () => {
    expect(examples.length).toBeGreaterThan(23)
  })
})
