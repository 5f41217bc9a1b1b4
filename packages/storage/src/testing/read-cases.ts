import { nameFilter, objectToListFilter } from '@lg/filter'
import { formatName, isPartialObject, type KubernetesObject } from '@lg/runtime'
import { failureOf, type Cases } from '@lg/storage-raw/testing'
import { expect } from 'vitest'
import { regionKey, widgetKey, type StorageHarness } from './harness.ts'
import { region, Region, unknownKind, widget, Widget } from './kinds.ts'

const namesOf = (objects: readonly KubernetesObject[]): (string | undefined)[] =>
  objects.map(({ metadata }) => metadata.name)

export const readCases: Cases<StorageHarness> = {
  'get/gives-what-was-created': async ({ storage }) => {
    const object = widget(
      'a',
      { size: 3, color: 'red', parts: [{ name: 'x', count: 1 }] },
      { labels: { team: 'blue' } },
    )
    await storage.create(object)
    expect(await storage.get(widgetKey('a'))).toEqual(object)
    expect(await storage.get(widgetKey('a'), { as: Widget })).toEqual(object)
  },
  'get/missing-is-NOT_FOUND': async ({ storage }) => {
    expect(await failureOf(storage.get(widgetKey('a')))).toBe('NOT_FOUND')
    expect(await failureOf(storage.getMeta(widgetKey('a')))).toBe('NOT_FOUND')
    expect(await failureOf(storage.checksum(widgetKey('a')))).toBe('NOT_FOUND')
  },
  'get/is-the-callers-own': async ({ storage }) => {
    await storage.create(widget('a', { extra: { list: [1] } }))
    const one = await storage.get<Widget>(widgetKey('a'))
    one.spec!.extra!['list'] = 'changed'
    one.metadata.labels = { a: 'b' }
    expect(await storage.get(widgetKey('a'))).toEqual(widget('a', { extra: { list: [1] } }))
    const [listed] = await storage.list<Widget>(Widget)
    listed!.spec!.extra!['list'] = 'changed'
    expect(await storage.list(Widget)).toEqual([widget('a', { extra: { list: [1] } })])
  },
  'get/integers-are-exact': async ({ storage }) => {
    await storage.create(widget('a', { size: 12176941420362965433n }))
    await storage.create(widget('b', { size: 9007199254740991 }))
    expect((await storage.get<Widget>(widgetKey('a'))).spec?.size).toBe(12176941420362965433n)
    expect((await storage.get<Widget>(widgetKey('b'))).spec?.size).toBe(9007199254740991)
  },
  'get/inherited-names-are-ordinary': async ({ storage }) => {
    const extra = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": 2, "prototype": [3], "toString": null}',
    ) as Record<string, unknown>
    await storage.create(widget('a', { extra }))
    const found = (await storage.get<Widget>(widgetKey('a'))).spec?.extra
    expect(Object.entries(found ?? {})).toEqual(Object.entries(extra))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  },
  'get/unknown-kind-is-refused': async ({ storage }) => {
    const key = { ...unknownKind, namespace: 'default', name: 'a' }
    expect(await failureOf(storage.get(key))).toBe('UNRECOGNIZED_GROUP')
    expect(await failureOf(storage.list(unknownKind))).toBe('UNRECOGNIZED_GROUP')
    expect(await failureOf(storage.list({ ...unknownKind, group: Widget.group }))).toBe('UNRECOGNIZED_KIND')
    expect(await storage.list(unknownKind, { unstructured: true })).toEqual([])
  },
  'read/object-version-and-place': async ({ storage }) => {
    const created = await storage.create(widget('a'))
    const { key, object, version, location } = await storage.read(widgetKey('a'))
    expect({ key, object, version, location }).toEqual({
      key: widgetKey('a'),
      object: widget('a'),
      version: created.version,
      location: created.location,
    })
    expect(await storage.checksum(widgetKey('a'))).toBe(version)
  },
  'getMeta/cannot-be-stored': async ({ storage }) => {
    await storage.create(widget('a', { size: 2 }, { labels: { a: 'b' } }))
    const meta = await storage.getMeta(widgetKey('a'))
    expect(isPartialObject(meta)).toBe(true)
    expect(meta).toEqual({
      apiVersion: widget('a').apiVersion,
      kind: 'Widget',
      metadata: { name: 'a', labels: { a: 'b' } },
    })
    expect(await failureOf(storage.update(meta))).toBe('PARTIAL_OBJECT')
    const [listed] = await storage.listMeta(Widget)
    expect(await failureOf(storage.update(listed!))).toBe('PARTIAL_OBJECT')
    expect(await storage.get(widgetKey('a'))).toEqual(widget('a', { size: 2 }, { labels: { a: 'b' } }))
  },
  'key/default-namespace': async ({ storage }) => {
    await storage.create(widget('a'))
    await storage.create(widget('a', { size: 2 }, { namespace: 'other' }))
    expect(storage.keyOf(widget('a'))).toEqual(widgetKey('a'))
    expect((await storage.get<Widget>(widgetKey('a'))).metadata.namespace).toBeUndefined()
    expect((await storage.get<Widget>(widgetKey('a', 'other'))).spec?.size).toBe(2)
    expect(await failureOf(storage.create(widget('a', {}, { namespace: 'default' })))).toBe('ALREADY_EXISTS')
  },
  'key/cluster-scoped': async ({ storage }) => {
    await storage.create(region('north'))
    expect(storage.keyOf(region('north'))).toEqual(regionKey('north'))
    expect(await storage.get(regionKey('north'))).toEqual(region('north'))
    expect(await storage.list(Region)).toEqual([region('north')])
  },
  'list/empty': async ({ storage }) => {
    expect(await storage.list(Widget)).toEqual([])
    expect(await storage.count(Widget)).toBe(0)
    expect(await storage.kinds()).toEqual([])
    expect(await storage.problems()).toEqual([])
  },
  'list/ordered-and-by-kind-and-namespace': async ({ storage }) => {
    for (const [name, namespace] of [['b', 'z'], ['c'], ['a'], ['a', 'z']] as const) {
      await storage.create(widget(name, {}, namespace === undefined ? {} : { namespace }))
    }
    await storage.create(region('north'))
    expect(namesOf(await storage.list(Widget))).toEqual(['a', 'c', 'a', 'b'])
    expect(namesOf(await storage.list(Widget, { namespace: 'z' }))).toEqual(['a', 'b'])
    expect(await storage.count(Widget)).toBe(4)
    expect(await storage.count(Widget, { namespace: 'z' })).toBe(2)
    expect(await storage.kinds()).toEqual([
      { group: Region.group, kind: 'Region' },
      { group: Widget.group, kind: 'Widget' },
    ])
  },
  'list/filters': async ({ storage }) => {
    for (const [name, team] of [
      ['a', 'red'],
      ['ab', 'blue'],
      ['b', 'red'],
    ] as const) {
      await storage.create(widget(name, { size: name.length }, { labels: { team } }))
    }
    expect(namesOf(await storage.list(Widget, { labels: 'team in (red)' }))).toEqual(['a', 'b'])
    expect(namesOf(await storage.list(Widget, { filter: ({ spec }) => spec?.size === 2 }))).toEqual(['ab'])
    const byName = objectToListFilter(nameFilter({ name: 'a', matchPrefix: true }))
    expect(
      namesOf(await storage.list(Widget, { listFilters: [byName, (objects) => objects.toReversed()] })),
    ).toEqual(['ab', 'a'])
    expect(namesOf(await storage.listMeta(Widget, { labels: 'team!=red' }))).toEqual(['ab'])
    expect(await storage.count(Widget, { labels: 'team=red' })).toBe(2)
    expect(await failureOf(storage.list(Widget, { labels: 'team in red' }))).toBe('INVALID_FILTER')
    expect(await failureOf(storage.list(Widget, { listFilters: [() => [widget('x')]] }))).toBe(
      'INVALID_FILTER',
    )
  },
  'list/entries': async ({ storage }) => {
    await storage.create(widget('a'))
    const [entry] = await storage.list(Widget, { entries: true })
    expect(entry).toEqual(await storage.read(widgetKey('a')))
  },
  'list/pages-show-one-state': async ({ storage }) => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await storage.create(widget(name))
    const first = await storage.list(Widget, { limit: 2 })
    expect([namesOf(first.items), first.remaining]).toEqual([['a', 'b'], 3])
    const second = await storage.list(Widget, { limit: 2, continue: first.continue, entries: true })
    expect([namesOf(second.items.map(({ object }) => object)), second.remaining]).toEqual([['c', 'd'], 1])
    const last = await storage.list(Widget, { limit: 2, continue: second.continue })
    expect(last).toEqual({ items: [widget('e')], remaining: 0 })
    await storage.create(widget('f'))
    expect(await failureOf(storage.list(Widget, { limit: 2, continue: first.continue }))).toBe(
      'CONTINUE_EXPIRED',
    )
    for (const token of ['', 'x', Buffer.from('{}').toString('base64url')]) {
      expect(await failureOf(storage.list(Widget, { limit: 2, continue: token }))).toBe('INVALID_CONTINUE')
    }
    expect(await failureOf(storage.list(Widget, { limit: 0 }))).toBe('INVALID_CONTINUE')
  },
  'find/one-none-many': async ({ storage }) => {
    await storage.create(widget('a'))
    await storage.create(widget('b'))
    expect(await storage.find(Widget, { filter: nameFilter({ name: 'b' }) })).toEqual(widget('b'))
    expect(await failureOf(storage.find(Widget, { filter: () => false }))).toBe('NOT_FOUND')
    const error = await storage.find(Widget).catch((reason: unknown) => reason)
    const matches = [
      { key: widgetKey('a'), location: (await storage.read(widgetKey('a'))).location },
      { key: widgetKey('b'), location: (await storage.read(widgetKey('b'))).location },
    ]
    expect(error).toMatchObject({ code: 'AMBIGUOUS_FIND', details: { matches } })
    for (const { key, location } of matches)
      expect(String(error)).toContain(`${formatName(key)} (${location.path})`)
  },
  'abort/rejects-with-the-reason': async ({ storage }) => {
    await storage.create(widget('a'))
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    const calls = [
      storage.get(widgetKey('a'), { signal }),
      storage.list(Widget, { signal }),
      storage.create(widget('b'), { signal }),
      storage.update(widget('a', { size: 2 }), { signal }),
      storage.patch(widgetKey('a'), { type: 'merge', patch: { spec: { size: 2 } } }, { signal }),
      storage.delete(widgetKey('a'), { signal }),
    ]
    for (const call of calls) await expect(call).rejects.toBe(reason)
    expect(await storage.list(Widget)).toEqual([widget('a')])
  },
}
