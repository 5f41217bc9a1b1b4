import { failureOf, type Cases } from '@lg/storage-raw/testing'
import { expect } from 'vitest'
import { regionKey, widgetKey, type StorageHarness } from './harness.ts'
import { region, widget, Widget } from './kinds.ts'

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('utf8')

export const writeCases: Cases<StorageHarness> = {
  'create/twice-is-ALREADY_EXISTS': async ({ storage }) => {
    await storage.create(widget('a'))
    expect(await failureOf(storage.create(widget('a', { size: 2 })))).toBe('ALREADY_EXISTS')
    expect(await storage.get(widgetKey('a'))).toEqual(widget('a'))
  },
  'create/what-the-schema-refuses': async ({ storage }) => {
    expect(await failureOf(storage.create(widget('a', { size: 1.5 })))).toBe('SCHEMA_MISMATCH')
    expect(await failureOf(storage.create({ ...widget('a'), apiVersion: 'unknown.example.org/v1' }))).toBe(
      'UNRECOGNIZED_GROUP',
    )
    expect(await storage.list(Widget)).toEqual([])
  },
  'create/a-path-as-name': async ({ storage }) => {
    for (const name of ['../a', '..', '/etc/passwd', 'a/b']) {
      expect(await failureOf(storage.create(widget(name)))).toBe('INVALID_PATH')
    }
    expect(await storage.list(Widget)).toEqual([])
  },
  'create/of-many-one-wins': async ({ storage }) => {
    const sizes = [1, 2, 3, 4]
    const outcomes = await Promise.all(sizes.map((size) => failureOf(storage.create(widget('a', { size })))))
    expect(outcomes.toSorted()).toEqual(['ALREADY_EXISTS', 'ALREADY_EXISTS', 'ALREADY_EXISTS', 'nothing'])
  },
  'update/replaces-the-value': async ({ storage }) => {
    const created = await storage.create(widget('a', { size: 1, color: 'red' }))
    const result = await storage.update(widget('a', { size: 2, parts: [] }))
    expect(result).toMatchObject({ key: widgetKey('a'), changed: true, location: created.location })
    expect(result.version).not.toBe(created.version)
    expect(await storage.read(widgetKey('a'))).toMatchObject({
      object: widget('a', { size: 2, parts: [] }),
      version: result.version,
    })
  },
  'update/missing-is-NOT_FOUND': async ({ storage }) => {
    expect(await failureOf(storage.update(widget('a')))).toBe('NOT_FOUND')
    expect(await storage.list(Widget)).toEqual([])
  },
  'update/equal-changes-nothing': async ({ storage }) => {
    const created = await storage.create(widget('a'))
    const result = await storage.update(await storage.get(widgetKey('a')))
    expect(result).toMatchObject({ changed: false, version: created.version })
  },
  'expected/stale-is-CONFLICT': async ({ storage }) => {
    const { version: stale } = await storage.create(widget('a', { size: 1 }))
    const { version } = await storage.update(widget('a', { size: 2 }), { expected: stale })
    const expected = stale
    const patch = { type: 'merge', patch: { spec: { size: 3 } } } as const
    expect(await failureOf(storage.update(widget('a', { size: 3 }), { expected }))).toBe('CONFLICT')
    expect(await failureOf(storage.patch(widgetKey('a'), patch, { expected }))).toBe('CONFLICT')
    expect(await failureOf(storage.delete(widgetKey('a'), { expected }))).toBe('CONFLICT')
    expect(await storage.get(widgetKey('a'))).toEqual(widget('a', { size: 2 }))
    await storage.patch(widgetKey('a'), patch, { expected: version })
    const now = await storage.checksum(widgetKey('a'))
    await storage.delete(widgetKey('a'), { expected: now })
    expect(await storage.list(Widget)).toEqual([])
  },
  'expected/is-not-moved-by-others': async ({ storage }) => {
    const { version } = await storage.create(widget('a'))
    await storage.create(widget('b'))
    await storage.update(widget('b', { size: 2 }))
    await storage.update(widget('a', { size: 2 }), { expected: version })
  },
  'patch/merge-json-strategic': async ({ storage }) => {
    const key = widgetKey('a')
    await storage.create(
      widget('a', { size: 1, color: 'red', parts: [{ name: 'x', count: 1 }, { name: 'y' }] }),
    )
    await storage.patch(key, { type: 'merge', patch: { spec: { size: 2, color: null } } })
    await storage.patch(key, { type: 'json', patch: [{ op: 'add', path: '/spec/extra', value: { a: 1 } }] })
    await storage.patch(key, {
      type: 'strategic',
      patch: { spec: { parts: [{ name: 'x', count: 5 }, { name: 'z' }] } },
    })
    expect(await storage.get(key)).toEqual(
      widget('a', {
        size: 2,
        parts: [{ name: 'x', count: 5 }, { name: 'y' }, { name: 'z' }],
        extra: { a: 1 },
      }),
    )
  },
  'patch/refusals': async ({ storage }) => {
    const key = widgetKey('a')
    await storage.create(widget('a'))
    const outcome = (type: 'merge' | 'json' | 'strategic', patch: unknown): Promise<string> =>
      failureOf(storage.patch(key, { type, patch } as Parameters<typeof storage.patch>[1]))
    expect(await outcome('merge', [])).toBe('INVALID_PATCH')
    expect(await outcome('merge', 'x')).toBe('INVALID_PATCH')
    expect(await outcome('strategic', null)).toBe('INVALID_PATCH')
    expect(await outcome('json', {})).toBe('INVALID_PATCH')
    expect(await outcome('json', [{ op: 'test', path: '/spec/size', value: 2 }])).toBe('PATCH_FAILED')
    expect(await outcome('json', [{ op: 'replace', path: '/metadata', value: null }])).toBe('INVALID_OBJECT')
    expect(await outcome('merge', { metadata: { name: 'b' } })).toBe('KEY_CHANGED')
    expect(await outcome('merge', { spec: { size: 'big' } })).toBe('SCHEMA_MISMATCH')
    expect(await failureOf(storage.patch(widgetKey('b'), { type: 'merge', patch: {} }))).toBe('NOT_FOUND')
    expect(await storage.list(Widget)).toEqual([widget('a')])
  },
  'patch/inherited-names-are-ordinary': async ({ storage }) => {
    await storage.create(widget('a', { extra: { before: 1 } }))
    const patch = JSON.parse(
      '{"spec": {"extra": {"__proto__": {"x": 1}, "constructor": {"y": 2}, "after": 3}}}',
    ) as unknown
    await storage.patch(widgetKey('a'), { type: 'merge', patch })
    const extra = (await storage.get<Widget>(widgetKey('a'))).spec?.extra ?? {}
    expect(Object.keys(extra)).toEqual(['before', '__proto__', 'constructor', 'after'])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  },
  'patch/of-many-none-is-lost': async ({ storage }) => {
    await storage.create(widget('a', { extra: {} }))
    const names = Array.from({ length: 8 }, (_, index) => `field${index}`)
    await Promise.all(
      names.map((name) =>
        storage.patch(widgetKey('a'), { type: 'merge', patch: { spec: { extra: { [name]: 1 } } } }),
      ),
    )
    expect(Object.keys((await storage.get<Widget>(widgetKey('a'))).spec?.extra ?? {}).toSorted()).toEqual(
      names,
    )
  },
  'delete/then-gone': async ({ storage }) => {
    await storage.create(widget('a'))
    await storage.create(region('a'))
    expect((await storage.delete(widgetKey('a'))).version).toBe('')
    expect(await failureOf(storage.get(widgetKey('a')))).toBe('NOT_FOUND')
    expect(await failureOf(storage.delete(widgetKey('a')))).toBe('NOT_FOUND')
    expect(await storage.list(Widget)).toEqual([])
    expect(await storage.get(regionKey('a'))).toEqual(region('a'))
    await storage.create(widget('a', { size: 9 }))
    expect(await storage.list(Widget)).toEqual([widget('a', { size: 9 })])
  },
  'read-your-writes/everywhere': async ({ storage }) => {
    for (let size = 1; size <= 5; size++) {
      if (size === 1) await storage.create(widget('a', { size }))
      else await storage.update(widget('a', { size }))
      expect((await storage.get<Widget>(widgetKey('a'))).spec?.size).toBe(size)
      expect((await storage.list<Widget>(Widget)).map(({ spec }) => spec?.size)).toEqual([size])
      expect(await storage.count(Widget)).toBe(1)
    }
  },
  'dry-run/plans-and-writes-nothing': async ({ storage }) => {
    const created = await storage.create(widget('b'), { dryRun: true })
    expect(created.plan).toMatchObject({ operation: 'create', before: undefined, after: widget('b') })
    expect(text(created.plan.files[0]?.after)).toContain('name: b')
    expect(await storage.list(Widget)).toEqual([])

    await storage.create(widget('a', { size: 1 }))
    const updated = await storage.update(widget('a', { size: 2 }), { dryRun: true })
    expect(updated.plan).toMatchObject({
      operation: 'update',
      before: widget('a', { size: 1 }),
      after: widget('a', { size: 2 }),
    })
    const [file] = updated.plan.files
    expect(text(file?.after)).toBe(text(file?.before)?.replace('size: 1', 'size: 2'))
    expect(updated.changed).toBe(true)
    const deleted = await storage.delete(widgetKey('a'), { dryRun: true })
    expect(deleted.plan).toMatchObject({
      operation: 'delete',
      before: widget('a', { size: 1 }),
      after: undefined,
    })
    expect(await storage.list(Widget)).toEqual([widget('a', { size: 1 })])
    expect(await failureOf(storage.create(widget('a'), { dryRun: true }))).toBe('ALREADY_EXISTS')
    expect(await failureOf(storage.update(widget('b'), { dryRun: true }))).toBe('NOT_FOUND')
  },
  'text/only-what-changed-changes': async ({ storage, outside }) => {
    if (outside === undefined) return
    const apiVersion = `${Widget.group}/v1`
    const first = `# about a\napiVersion: ${apiVersion}\nkind: Widget\nmetadata: {name: a}  # short\nspec:\n\n    size:  1   # units\n    color: 'red'\n`
    const content = `${first}---\nkind: Unrelated\nx:   [1,2]\n---\napiVersion: ${apiVersion}\nkind: Widget\nmetadata:\n  name: b\n`
    await outside.write('several.yaml', content)
    const found = await storage.get<Widget>(widgetKey('a'))
    found.spec!.size = 22
    const { plan } = await storage.update(found)
    expect(await outside.read('several.yaml')).toBe(content.replace('size:  1 ', 'size:  22 '))
    expect(plan.ledger).toEqual([])
    await storage.patch(widgetKey('a'), { type: 'merge', patch: { spec: { color: 'blue' } } })
    expect(await outside.read('several.yaml')).toBe(
      content.replace('size:  1 ', 'size:  22 ').replace("'red'", "'blue'"),
    )
  },
  'text/a-broken-document-stops-nothing': async ({ storage, outside }) => {
    if (outside === undefined) return
    const apiVersion = `${Widget.group}/v1`
    await outside.write(
      'broken.yaml',
      `apiVersion: ${apiVersion}\nkind: Widget\nmetadata:\n  name: x\nspec: [\n`,
    )
    await outside.write(
      'wrong.yaml',
      `apiVersion: ${apiVersion}\nkind: Widget\nmetadata:\n  name: w\nspec:\n  typo: 1\n`,
    )
    await storage.create(widget('a'))
    expect(await storage.list(Widget)).toEqual([widget('a')])
    const problems = await storage.problems()
    expect(problems.map(({ location, line }) => [location.path, line])).toEqual([
      ['broken.yaml', expect.any(Number)],
      ['wrong.yaml', 6],
    ])
    expect(await failureOf(storage.get(widgetKey('w')))).toBe('STRICT_DECODING')
    await storage.update(widget('a', { size: 2 }))
    await storage.delete(widgetKey('w'))
    expect(await outside.read('wrong.yaml')).toBeUndefined()
  },
}
