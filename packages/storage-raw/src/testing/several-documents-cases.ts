import { expect } from 'vitest'
import type { Cases } from './case.ts'
import {
  bytesOf,
  car,
  failureOf,
  namesOf,
  planet,
  textOf,
  toText,
  type RawStorageHarness,
} from './harness.ts'

/** For storages whose files may hold several documents. */
export const severalDocumentsCases: Cases<RawStorageHarness> = {
  'documents/others-stay-byte-for-byte': async ({ storage, outside }) => {
    const file = `# header\n---\n${textOf(car('a'))}---\n# note on b\n${textOf(car('b'))}\n---\n\n---\nplain: value\n---\n${textOf(planet('c'))}`
    await outside?.write('all.yaml', file)
    expect(namesOf(await storage.list())).toEqual(
      namesOf([car('a'), car('b'), planet('c')].map((key) => ({ key }))),
    )
    const { version } = await storage.read(car('a'))
    const stored = toText((await storage.read(car('b'))).bytes)
    const wanted = stored.replace('value: 1', 'value: 2')
    await storage.write(car('b'), Buffer.from(wanted))
    expect(await outside?.read('all.yaml')).toBe(file.replace(stored, wanted))
    expect(await storage.checksum(car('a'))).toBe(version)
    const removed = await storage.delete(car('b'))
    expect(removed.file.after).toBeDefined()
    expect(namesOf(await storage.list())).toEqual(namesOf([car('a'), planet('c')].map((key) => ({ key }))))
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
      expect(await failureOf(storage.write(car('a'), Buffer.from(text)))).toBe('DOCUMENT_MISMATCH')
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
    expect(await failureOf(storage.write(car('d'), bytesOf(car('d')), { path: '../d.yaml' }))).toBe(
      'INVALID_PATH',
    )
  },
}
