import { expect } from 'vitest'
import type { Cases } from './case.ts'
import { bytesOf, car, failureOf, textOf, toText, type RawStorageHarness } from './harness.ts'

/** What comes from outside: paths as names, aborts, closing, changes by other programs. */
export const outsideCases: Cases<RawStorageHarness> = {
  'key/a-path-as-name-never-leads-outside': async ({ storage }) => {
    for (const name of ['../x', '../../etc/passwd', '/etc/passwd', '..', 'a/b', 'a\\..\\b']) {
      const key = car(name)
      expect(await failureOf(storage.write(key, bytesOf(key)))).toBe('INVALID_PATH')
    }
    for (const namespace of ['..', '../..', '.git', 'a/b']) {
      const key = car('foo', namespace)
      expect(await failureOf(storage.write(key, bytesOf(key)))).toBe('INVALID_PATH')
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
      expect(await failureOf(storage.keysOf(path))).toBe('INVALID_PATH')
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
    expect(await failureOf(storage.read(car('foo')))).toBe('CLOSED')
    expect(await failureOf(storage.list())).toBe('CLOSED')
    expect(await failureOf(storage.write(car('foo'), bytesOf(car('foo'))))).toBe('CLOSED')
  },
  'outside/changes-are-seen': async ({ storage, outside }) => {
    if (outside === undefined) return
    const { location, version } = await storage.write(car('foo'), bytesOf(car('foo'), 1))
    await outside.write(location.path, textOf(car('foo'), 2))
    expect(toText((await storage.read(car('foo'))).bytes)).toBe(textOf(car('foo'), 2))
    expect((await storage.list())[0]?.version).not.toBe(version)
    expect(await failureOf(storage.write(car('foo'), bytesOf(car('foo'), 3), { expected: version }))).toBe(
      'CONFLICT',
    )
    await outside.remove(location.path)
    expect(await failureOf(storage.read(car('foo')))).toBe('NOT_FOUND')
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
