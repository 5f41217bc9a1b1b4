import { formatKey, isLgError, objectKey, type ObjectKey } from '@lg/runtime'
import { expect } from 'vitest'
import type { RawStorage } from '../raw-storage.ts'
import { runCases, type Cases, type Waiver } from './case.ts'

/** What the suite needs of an adapter. Each case gets one of its own, with nothing stored. */
export interface RawStorageHarness {
  readonly storage: RawStorage
  /** Changes a file behind the storage's back; absent where nobody can. */
  readonly outside?: OutsideFiles | undefined
  close(): Promise<void>
}

export interface OutsideFiles {
  write(path: string, content: string): Promise<void>
  remove(path: string): Promise<void>
  read(path: string): Promise<string | undefined>
}

const group = 'example.org'
const car = (name: string, namespace = 'default'): ObjectKey =>
  objectKey({ group, kind: 'Car', namespace, name })
const planet = (name: string): ObjectKey => objectKey({ group, kind: 'Planet', name })

/** The text of an object in the suite's tests. */
function textOf(key: ObjectKey, value: string | number = 1): string {
  const namespace = key.namespace === '' ? '' : `  namespace: ${key.namespace}\n`
  return `apiVersion: ${key.group}/v1\nkind: ${key.kind}\nmetadata:\n  name: ${key.name}\n${namespace}spec:\n  value: ${value} # kept\n`
}
const bytesOf = (key: ObjectKey, value: string | number = 1): Uint8Array => Buffer.from(textOf(key, value))
const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (!isLgError(error)) throw error
    return error.code
  }
  return 'nothing'
}

const names = (entries: readonly { readonly key: ObjectKey }[]): string[] =>
  entries.map(({ key }) => formatKey(key))

const cases: Cases<RawStorageHarness> = {
  'read/gives-what-was-written': async ({ storage }) => {
    const change = await storage.write(car('foo'), bytesOf(car('foo')))
    const document = await storage.read(car('foo'))
    expect(toText(document.bytes)).toBe(textOf(car('foo')))
    expect(document).toMatchObject({ key: car('foo'), version: change.version, location: change.location })
    expect(document.contentType).toBe('application/yaml')
  },
  'read/missing-is-NOT_FOUND': async ({ storage }) => {
    expect(await failure(storage.read(car('foo')))).toBe('NOT_FOUND')
    expect(await failure(storage.checksum(car('foo')))).toBe('NOT_FOUND')
    expect(await storage.exists(car('foo'))).toBe(false)
  },
  'read/tells-keys-apart': async ({ storage }) => {
    const keys = [
      car('foo'),
      car('foo', 'other'),
      planet('foo'),
      objectKey({ group, kind: 'Cargo', name: 'foo' }),
    ]
    for (const [value, key] of keys.entries()) await storage.write(key, bytesOf(key, value))
    for (const [value, key] of keys.entries())
      expect(toText((await storage.read(key)).bytes)).toBe(textOf(key, value))
  },
  'readMany/gives-each-key-once': async ({ storage }) => {
    const keys = Array.from({ length: 20 }, (_, index) => car(`car-${index}`))
    for (const key of keys) await storage.write(key, bytesOf(key, key.name))
    const read = new Map<string, string>()
    for await (const { key, bytes } of storage.readMany([...keys, car('gone')]))
      read.set(key.name, toText(bytes))
    expect(read).toEqual(new Map(keys.map((key) => [key.name, textOf(key, key.name)])))
  },
  'exists/follows-write-and-delete': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo')))
    expect(await storage.exists(car('foo'))).toBe(true)
    await storage.delete(car('foo'))
    expect(await storage.exists(car('foo'))).toBe(false)
  },
  'write/replaces': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo'), 1))
    const change = await storage.write(car('foo'), bytesOf(car('foo'), 2))
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo'), 2))
    expect(toText(change.file.before ?? new Uint8Array())).toContain('value: 1')
    expect(toText(change.file.after ?? new Uint8Array())).toContain('value: 2')
  },
  'write/equal-bytes-change-nothing': async ({ storage }) => {
    const first = await storage.write(car('foo'), bytesOf(car('foo')))
    const second = await storage.write(car('foo'), bytesOf(car('foo')))
    expect(second.version).toBe(first.version)
    expect(second.file.after).toEqual(second.file.before)
  },
  'write/keeps-the-callers-bytes': async ({ storage }) => {
    const bytes = bytesOf(car('foo'))
    await storage.write(car('foo'), bytes)
    bytes.fill(0)
    const read = await storage.read(car('foo'))
    expect(toText(read.bytes)).toBe(textOf(car('foo')))
    read.bytes.fill(0)
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo')))
  },
  'write/dry-run-only-plans': async ({ storage }) => {
    const change = await storage.write(car('foo'), bytesOf(car('foo')), { dryRun: true })
    expect(toText(change.file.after ?? new Uint8Array())).toBe(textOf(car('foo')))
    expect(change.file.before).toBeUndefined()
    expect(await storage.exists(car('foo'))).toBe(false)
    await storage.write(car('foo'), bytesOf(car('foo')))
    expect((await storage.delete(car('foo'), { dryRun: true })).file.after).toBeUndefined()
    expect(await storage.exists(car('foo'))).toBe(true)
  },
  'write/json': async ({ storage }) => {
    const text = `{"apiVersion":"${group}/v1","kind":"Car","metadata":{"namespace":"default","name":"foo"}}\n`
    const change = await storage.write(car('foo'), Buffer.from(text), { contentType: 'application/json' })
    expect(change.location.path).toMatch(/\.json$/)
    expect(toText((await storage.read(car('foo'))).bytes)).toContain('"kind":"Car"')
    expect(await storage.contentType(car('foo'))).toBe('application/json')
  },
  'version/follows-content': async ({ storage }) => {
    const one = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    const two = await storage.write(car('foo'), bytesOf(car('foo'), 2))
    const back = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    expect(two.version).not.toBe(one.version)
    expect(back.version).toBe(one.version)
    expect(await storage.checksum(car('foo'))).toBe(one.version)
    expect((await storage.list())[0]?.version).toBe(one.version)
  },
  'expected/stale-version-is-CONFLICT': async ({ storage }) => {
    const one = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    const { version } = await storage.write(car('foo'), bytesOf(car('foo'), 2), { expected: one.version })
    expect(await failure(storage.write(car('foo'), bytesOf(car('foo'), 3), { expected: one.version }))).toBe(
      'CONFLICT',
    )
    expect(await failure(storage.delete(car('foo'), { expected: one.version! }))).toBe('CONFLICT')
    await storage.delete(car('foo'), { expected: version! })
    expect(await failure(storage.write(car('foo'), bytesOf(car('foo')), { expected: version }))).toBe(
      'CONFLICT',
    )
  },
  'expected/null-is-ALREADY_EXISTS': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo')), { expected: null })
    expect(await failure(storage.write(car('foo'), bytesOf(car('foo'), 2), { expected: null }))).toBe(
      'ALREADY_EXISTS',
    )
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo')))
  },
  'expected/of-many-writers-one-wins': async ({ storage }) => {
    const { version } = await storage.write(car('foo'), bytesOf(car('foo'), 'start'))
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        failure(storage.write(car('foo'), bytesOf(car('foo'), index), { expected: version })),
      ),
    )
    expect(outcomes.sort()).toEqual([...Array<string>(7).fill('CONFLICT'), 'nothing'])
  },
  'write/parallel-writers-of-different-keys': async ({ storage }) => {
    const keys = Array.from({ length: 16 }, (_, index) => car(`car-${index}`))
    await Promise.all(keys.map((key) => storage.write(key, bytesOf(key, key.name))))
    expect(names(await storage.list())).toEqual(names(keys.map((key) => ({ key }))).sort())
  },
  'delete/missing-is-NOT_FOUND': async ({ storage }) => {
    expect(await failure(storage.delete(car('foo')))).toBe('NOT_FOUND')
    await storage.write(car('foo'), bytesOf(car('foo')))
    await storage.delete(car('foo'))
    expect(await failure(storage.delete(car('foo')))).toBe('NOT_FOUND')
  },
  'delete/then-create-again': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo'), 1))
    await storage.delete(car('foo'))
    await storage.write(car('foo'), bytesOf(car('foo'), 2), { expected: null })
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo'), 2))
  },
  'list/nothing-stored-is-empty': async ({ storage }) => {
    expect(await storage.list()).toEqual([])
    expect(await storage.list({ group, kind: 'Car' })).toEqual([])
    expect(await storage.problems()).toEqual([])
  },
  'list/ordered-by-key-and-filtered-by-kind': async ({ storage }) => {
    const keys = [car('b'), planet('z'), car('a', 'z'), car('a'), planet('a')]
    for (const key of keys) await storage.write(key, bytesOf(key))
    expect(names(await storage.list())).toEqual(
      names([car('a'), car('b'), car('a', 'z'), planet('a'), planet('z')].map((key) => ({ key }))),
    )
    expect(names(await storage.list({ group, kind: 'Planet' }))).toEqual(
      names([planet('a'), planet('z')].map((key) => ({ key }))),
    )
    expect(await storage.list({ group: 'other.org', kind: 'Car' })).toEqual([])
  },
  'keysOf/names-what-a-file-holds': async ({ storage }) => {
    const { location } = await storage.write(car('foo'), bytesOf(car('foo')))
    expect(await storage.keysOf(location.path)).toEqual([car('foo')])
    expect(await storage.keysOf('no/such/file.yaml')).toEqual([])
  },
  'key/a-path-as-name-never-leads-outside': async ({ storage }) => {
    for (const name of ['../x', '../../etc/passwd', '/etc/passwd', '..', 'a/b', 'a\\..\\b']) {
      const key = car(name)
      expect(await failure(storage.write(key, bytesOf(key)))).toBe('INVALID_PATH')
    }
    for (const namespace of ['..', '../..', '.git', 'a/b']) {
      const key = car('foo', namespace)
      expect(await failure(storage.write(key, bytesOf(key)))).toBe('INVALID_PATH')
    }
    expect(await storage.list()).toEqual([])
  },
  'path/outside-is-INVALID_PATH': async ({ storage }) => {
    for (const path of [
      '../x.yaml',
      '/x.yaml',
      'a/../../x.yaml',
      '.git/x.yaml',
      'a//b.yaml',
      'x\0.yaml',
      '',
    ]) {
      expect(await failure(storage.keysOf(path))).toBe('INVALID_PATH')
    }
  },
  'abort/rejects-with-the-reason': async ({ storage }) => {
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await storage.write(car('foo'), bytesOf(car('foo')))
    const calls = [
      storage.read(car('foo'), { signal }),
      storage.exists(car('foo'), { signal }),
      storage.write(car('foo'), bytesOf(car('foo'), 2), { signal }),
      storage.delete(car('foo'), { signal }),
      storage.list(undefined, { signal }),
      storage.checksum(car('foo'), { signal }),
      storage.problems({ signal }),
      storage.keysOf('x.yaml', { signal }),
    ]
    for (const call of calls) await expect(call).rejects.toBe(reason)
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo')))
  },
  'close/is-idempotent-and-final': async ({ storage }) => {
    await storage.write(car('foo'), bytesOf(car('foo')))
    await storage.close()
    await storage.close()
    expect(await failure(storage.read(car('foo')))).toBe('CLOSED')
    expect(await failure(storage.list())).toBe('CLOSED')
    expect(await failure(storage.write(car('foo'), bytesOf(car('foo'))))).toBe('CLOSED')
  },
  'outside/changes-are-seen': async ({ storage, outside }) => {
    if (outside === undefined) return
    const { location, version } = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    await outside.write(location.path, textOf(car('foo'), 2))
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo'), 2))
    expect((await storage.list())[0]?.version).not.toBe(version)
    expect(await failure(storage.write(car('foo'), bytesOf(car('foo'), 3), { expected: version }))).toBe(
      'CONFLICT',
    )
    await outside.remove(location.path)
    expect(await failure(storage.read(car('foo')))).toBe('NOT_FOUND')
    expect(await storage.list()).toEqual([])
    await outside.write(location.path, textOf(car('foo'), 4))
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo'), 4))
  },
  'outside/same-size-edit-is-seen-at-once': async ({ storage, outside }) => {
    if (outside === undefined) return
    const { location } = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    for (let value = 2; value < 9; value++) {
      await outside.write(location.path, textOf(car('foo'), value))
      const [entry] = await storage.list()
      const read = await storage.read(car('foo'))
      expect(toText(read.bytes)).toBe(textOf(car('foo'), value))
      expect(entry?.version).toBe(read.version)
    }
  },
}

/** Cases for storages whose files may hold several documents. */
const multipleCases: Cases<RawStorageHarness> = {
  'documents/others-stay-byte-for-byte': async ({ storage, outside }) => {
    const file = `# header\n---\n${textOf(car('a'))}---\n# note on b\n${textOf(car('b'))}\n---\n\n---\nplain: value\n---\n${textOf(planet('c'))}`
    await outside?.write('all.yaml', file)
    expect(names(await storage.list())).toEqual(
      names([car('a'), car('b'), planet('c')].map((key) => ({ key }))),
    )
    const { version } = await storage.read(car('a'))
    const stored = toText((await storage.read(car('b'))).bytes)
    const wanted = stored.replace('value: 1', 'value: 2')
    await storage.write(car('b'), Buffer.from(wanted))
    expect(await outside?.read('all.yaml')).toBe(file.replace(stored, wanted))
    expect(await storage.checksum(car('a'))).toBe(version)
    const removed = await storage.delete(car('b'))
    expect(removed.file.after).toBeDefined()
    expect(names(await storage.list())).toEqual(names([car('a'), planet('c')].map((key) => ({ key }))))
    expect(await storage.checksum(car('a'))).toBe(version)
    await storage.delete(car('a'))
    expect(await outside?.read('all.yaml')).toContain('plain: value')
    expect(toText((await storage.read(planet('c'))).bytes)).toBe(textOf(planet('c')))
  },
  'documents/the-file-goes-with-the-last': async ({ storage, outside }) => {
    await outside?.write('two.yaml', `${textOf(car('a'))}---\n${textOf(car('b'))}`)
    await storage.delete(car('a'))
    expect(await outside?.read('two.yaml')).toBe(textOf(car('b')))
    expect((await storage.delete(car('b'))).file.after).toBeUndefined()
    expect(await outside?.read('two.yaml')).toBeUndefined()
  },
  'documents/of-two-files-the-first-by-path-serves': async ({ storage, outside }) => {
    await outside?.write('b.yaml', textOf(car('foo'), 'b'))
    await outside?.write('a.yaml', textOf(car('foo'), 'a'))
    const [entry, ...others] = await storage.list()
    expect(others).toEqual([])
    expect(entry?.location).toEqual({ path: 'a.yaml', document: 0 })
    expect(await storage.problems()).toMatchObject([
      { type: 'duplicate', key: car('foo'), location: { path: 'b.yaml' }, served: { path: 'a.yaml' } },
    ])
    await outside?.remove('a.yaml')
    expect((await storage.list())[0]?.location.path).toBe('b.yaml')
    expect(await storage.problems()).toEqual([])
  },
  'documents/not-exactly-one-is-refused': async ({ storage, outside }) => {
    await outside?.write('all.yaml', `${textOf(car('a'))}---\n${textOf(car('b'))}`)
    await storage.list()
    for (const text of [
      '',
      '# nothing\n',
      `${textOf(car('a'))}---\n${textOf(car('c'))}`,
      textOf(car('other')),
    ]) {
      expect(await failure(storage.write(car('a'), Buffer.from(text)))).toBe('DOCUMENT_MISMATCH')
    }
    expect(await outside?.read('all.yaml')).toBe(`${textOf(car('a'))}---\n${textOf(car('b'))}`)
  },
  'path/chosen-for-a-new-document': async ({ storage, outside }) => {
    await outside?.write('all.yaml', textOf(car('a')))
    await storage.write(car('b'), bytesOf(car('b')), { path: 'all.yaml' })
    expect(await outside?.read('all.yaml')).toBe(`${textOf(car('a'))}---\n${textOf(car('b'))}`)
    expect((await storage.read(car('b'))).location).toEqual({ path: 'all.yaml', document: 1 })
    await storage.write(car('c'), bytesOf(car('c')), { path: 'some/where/c.yaml' })
    expect(await outside?.read('some/where/c.yaml')).toBe(textOf(car('c')))
    expect(await failure(storage.write(car('d'), bytesOf(car('d')), { path: '../d.yaml' }))).toBe(
      'INVALID_PATH',
    )
  },
}

/**
 * The contract of {@link RawStorage}, for vitest: run it in a test file of the adapter.
 *
 * @example
 * ```ts
 * rawStorageConformance({ name: 'memory', create: async () => ({ storage: createMemoryRawStorage(), close: async () => {} }) })
 * ```
 */
export function rawStorageConformance(subject: {
  readonly name: string
  /** A storage with nothing in it, that gives a file to each new key. */
  create(): Promise<RawStorageHarness>
  /** Files may hold several documents: the cases for that run too, and `outside` is needed. Default false. */
  readonly multipleDocuments?: boolean
  readonly waive?: readonly Waiver[]
}): void {
  const { name, multipleDocuments = false } = subject
  runCases(`raw storage: ${name}`, multipleDocuments ? { ...cases, ...multipleCases } : cases, {
    create: () => subject.create(),
    waive: subject.waive,
  })
}
