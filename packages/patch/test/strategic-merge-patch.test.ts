import { runInNewContext } from 'node:vm'
import { equalValues } from '@lg/runtime'
import {
  applyPatch,
  applyStrategicMergePatch,
  createStrategicMergePatch,
  patchErrors,
  type PatchSchema,
} from '@lg/patch'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, json } from './failure.ts'

/** The parts of a pod's schema that merging looks at, as OpenAPI and as a CRD state them. */
const schema: PatchSchema = {
  definitions: {
    container: {
      properties: {
        ports: {
          items: {},
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
        },
        env: { 'x-kubernetes-patch-strategy': 'merge', 'x-kubernetes-patch-merge-key': 'name' },
        args: { type: 'array' },
      },
    },
  },
  properties: {
    metadata: {
      properties: {
        finalizers: { 'x-kubernetes-patch-strategy': 'merge' },
        labels: { additionalProperties: {} },
      },
    },
    spec: {
      properties: {
        containers: {
          'x-kubernetes-patch-strategy': 'merge',
          'x-kubernetes-patch-merge-key': 'name',
          items: { allOf: [{ $ref: '#/definitions/container' }] },
        },
        strategy: {
          'x-kubernetes-patch-strategy': 'retainKeys',
          properties: { type: {}, rollingUpdate: {} },
        },
        selector: { 'x-kubernetes-map-type': 'atomic' },
        hosts: { 'x-kubernetes-list-type': 'set' },
      },
    },
  },
}
const apply = (value: unknown, patch: unknown): unknown => applyStrategicMergePatch(value, patch, schema)
const containers = (...items: unknown[]): unknown => ({ spec: { containers: items } })

describe('applying', () => {
  it.each([
    ['maps are merged, null removes', { a: { b: 1, c: 2 } }, { a: { b: null, d: 3 } }, { a: { c: 2, d: 3 } }],
    ['a list without merge keys is replaced', { list: [1, 2] }, { list: [3] }, { list: [3] }],
    [
      'items are found by their key, new ones come last',
      containers({ name: 'a', image: 'x' }, { name: 'b' }),
      containers({ name: 'c' }, { name: 'a', image: 'y' }),
      containers({ name: 'a', image: 'y' }, { name: 'b' }, { name: 'c' }),
    ],
    [
      'an item is deleted by its key',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ name: 'a', $patch: 'delete' }, { name: 'gone', $patch: 'delete' }),
      containers({ name: 'b' }),
    ],
    [
      'a list is replaced on request',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ $patch: 'replace' }, { name: 'c' }),
      containers({ name: 'c' }),
    ],
    [
      'a map is replaced on request',
      { a: { b: 1, c: 2 } },
      { a: { d: 1, $patch: 'replace' } },
      { a: { d: 1 } },
    ],
    ['a map is emptied on request', { a: { b: 1 } }, { a: { $patch: 'delete' } }, { a: {} }],
    [
      'lists inside of items merge by several keys',
      containers({ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'web' }] }),
      containers({
        name: 'a',
        ports: [
          { containerPort: 80, protocol: 'UDP' },
          { containerPort: 80, protocol: 'TCP', name: 'w' },
        ],
      }),
      containers({
        name: 'a',
        ports: [
          { containerPort: 80, protocol: 'TCP', name: 'w' },
          { containerPort: 80, protocol: 'UDP' },
        ],
      }),
    ],
    [
      'values of a set are added once',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { finalizers: ['b', 'c', 'c'] } },
      { metadata: { finalizers: ['a', 'b', 'c'] } },
    ],
    [
      'values are deleted from a list',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['a', 'x'] } },
      { metadata: { finalizers: ['b'] } },
    ],
    [
      'the order is set, and what it does not name stays where it was',
      containers({ name: 'a' }, { name: 'x' }, { name: 'b' }),
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
          containers: [{ name: 'c' }],
        },
      },
      containers({ name: 'c' }, { name: 'b' }, { name: 'a' }, { name: 'x' }),
    ],
    [
      'only named keys are retained',
      { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } },
      { spec: { strategy: { type: 'Recreate', $retainKeys: ['type'] } } },
      { spec: { strategy: { type: 'Recreate' } } },
    ],
    [
      'an atomic map is replaced',
      { spec: { selector: { a: 1 } } },
      { spec: { selector: { b: 2 } } },
      { spec: { selector: { b: 2 } } },
    ],
    [
      'directives never become data',
      {},
      { a: { b: null, c: [{ $patch: 'replace' }, 1] } },
      { a: { c: [1] } },
    ],
  ])('%s', (_, value, patch, expected) => {
    const before = structuredClone([value, patch])
    expect(apply(value, patch)).toEqual(expected)
    expect([value, patch]).toEqual(before)
  })

  it.each([
    ['a patch that is no map', [], []],
    ['an item without its merge key', containers({ image: 'x' }), ['spec', 'containers', 0]],
    ['an item that is no map', containers('a'), ['spec', 'containers', 0]],
    ['an unknown directive', { a: { $patch: 'merg' } }, ['a', '$patch']],
    ['an order that is no list', { '$setElementOrder/a': {} }, ['$setElementOrder/a']],
    ['keys to retain that are no list', { $retainKeys: 'a' }, ['$retainKeys']],
  ])('refuses %s', (_, patch, path) => {
    try {
      apply({}, patch)
      expect.unreachable()
    } catch (error) {
      expect(patchErrors.is(error, 'INVALID_PATCH') && error.details.path).toEqual(path)
    }
  })

  it('takes inherited names for keys', () => {
    const patched = apply({ extra: {} }, json('{"extra": {"__proto__": {"x": 1}, "constructor": 2}}'))
    expect(Object.keys((patched as { extra: object }).extra)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('creating', () => {
  it('gives exactly what changed', () => {
    const car = { spec: { engine: 'V8' }, status: { speed: 1, distance: 12176941420362965433n } }
    const faster = { ...car, status: { ...car.status, speed: 24.7 } }
    expect(createStrategicMergePatch(car, faster)).toEqual({ status: { speed: 24.7 } })
    expect(createStrategicMergePatch(car, structuredClone(car))).toEqual({})
  })
  it('merges lists by key', () => {
    const from = containers({ name: 'a', image: 'x', tag: 1 }, { name: 'b' })
    const to = containers({ name: 'c' }, { name: 'a', image: 'y', tag: 1 })
    expect(createStrategicMergePatch(from, to, schema)).toEqual({
      spec: {
        '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }],
        containers: [{ name: 'c' }, { name: 'a', image: 'y' }, { name: 'b', $patch: 'delete' }],
      },
    })
  })
  it('refuses what cannot be said', () => {
    expect(failureOf(() => createStrategicMergePatch({ a: 1 }, { a: null }))).toBe('NOT_REPRESENTABLE')
    expect(failureOf(() => createStrategicMergePatch({ a: 1 }, 'x'))).toBe('INVALID_PATCH')
  })
  it('leads from any value to any other', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    const item = fc.record(
      { name, image: fc.constantFrom('x', 'y'), args: fc.array(name) },
      { requiredKeys: ['name'] },
    )
    const object = fc.record(
      {
        metadata: fc.record(
          { finalizers: fc.uniqueArray(name), labels: fc.dictionary(name, name) },
          { requiredKeys: [] },
        ),
        spec: fc.record(
          {
            containers: fc.uniqueArray(item, { selector: ({ name: key }) => key }),
            strategy: fc.dictionary(fc.constantFrom('type', 'rollingUpdate'), name),
            selector: fc.dictionary(name, name),
            hosts: fc.uniqueArray(name),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(object, object, fc.boolean(), (from, to, knows) => {
        const used = knows ? schema : undefined
        const patch = createStrategicMergePatch(from, to, used)
        expect(equalValues(applyStrategicMergePatch(from, patch, used), to)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('applyPatch', () => {
  it('takes each of the three', () => {
    expect(applyPatch({ a: 1 }, { type: 'merge', patch: { a: 2 } })).toEqual({ a: 2 })
    expect(applyPatch({ a: 1 }, { type: 'json', patch: [{ op: 'remove', path: '/a' }] })).toEqual({})
    expect(
      applyPatch(
        containers({ name: 'a' }),
        { type: 'strategic', patch: containers({ name: 'b' }) },
        { schema },
      ),
    ).toEqual(containers({ name: 'a' }, { name: 'b' }))
    expect(failureOf(() => applyPatch({}, { type: 'merge', patch: 3 }))).toBe('INVALID_PATCH')
    for (const patch of [{ type: 'other' }, { type: 'constructor' }, {}, undefined, null, 'x', []])
      expect(failureOf(() => applyPatch({}, patch as never))).toBe('INVALID_PATCH')
  })
})

describe('what no document can hold', () => {
  const circle: Record<string, unknown> = {}
  circle['again'] = circle
  let deep: unknown = 1
  for (let level = 0; level < 100_000; level++) deep = { deep }
  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a Date', new Date(0)],
    ['a Map', new Map([[1, 2]])],
    ['a circle', circle],
    ['100,000 levels', deep],
  ])('is refused in every patch: %s', (_, value) => {
    const patches = [
      { type: 'merge', patch: { a: [{ b: value }] } },
      { type: 'strategic', patch: { a: [{ b: value }] } },
      { type: 'json', patch: [{ op: 'add', path: '/a', value: [{ b: value }] }] },
    ] as const
    for (const patch of patches) expect(failureOf(() => applyPatch({}, patch))).toBe('INVALID_PATCH')
  })
  it('is not what has no prototype, or comes from another realm', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 })
    for (const patch of [bare, runInNewContext('({ a: 1 })') as object])
      expect(applyPatch({}, { type: 'merge', patch })).toEqual({ a: 1 })
  })
})
