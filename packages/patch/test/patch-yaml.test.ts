import { patchYaml, planPatchYaml } from '@lg/patch'
import { describe, expect, it } from 'vitest'
import { failureOf } from './failure.ts'

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
