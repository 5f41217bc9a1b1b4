import { checkPath, isLgError, objectKey, type ObjectKey } from '@lg/runtime'
import { createPathRules, createPathTemplate, contentVersion } from '@lg/storage-raw'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const failure = (run: () => unknown): string => {
  try {
    run()
    return 'nothing'
  } catch (error) {
    return isLgError(error) ? error.code : String(error)
  }
}
const foo = objectKey({ group: 'example.org', kind: 'Car', namespace: 'default', name: 'foo' })
const node = objectKey({ group: '', kind: 'Node', name: 'n1' })

describe('templates', () => {
  it.each([
    ['{kind}/{namespace}/{name}.yaml', 'Car/default/foo.yaml', 'Node/n1.yaml'],
    [
      '{groupKind}/{namespace}/{name}/metadata.{ext}',
      'Car.example.org/default/foo/metadata.yaml',
      'Node/n1/metadata.yaml',
    ],
    ['x/{group}/{kind}-{name}.yml', 'x/example.org/Car-foo.yml', 'x/core/Node-n1.yml'],
    ['all.yaml', 'all.yaml', 'all.yaml'],
  ])('%s makes %s', (template, car, cluster) => {
    const { path } = createPathTemplate(template)
    expect(path(foo)).toBe(car)
    expect(path(node)).toBe(cluster)
  })
  it.each([
    '',
    '/{name}',
    '{name',
    'name}',
    '{nam}/x',
    '../{name}',
    '{kind}/{namespace}.yaml',
    '.git/{name}',
    '{}',
  ])('%j is refused', (template) =>
    expect(failure(() => createPathTemplate(template))).toBe('INVALID_TEMPLATE'),
  )
  it('lead back to the key', () => {
    const part = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/)
    const key = fc
      .record({
        group: fc.constantFrom('', 'example.org', 'x'),
        kind: fc.stringMatching(/^[A-Z][a-z]{0,5}$/),
        namespace: fc.option(part, { nil: '' }),
        name: part,
      })
      .map((parts): ObjectKey => objectKey(parts))
    for (const text of [
      '{groupKind}/{namespace}/{name}/metadata.{ext}',
      '{group}/{kind}/{namespace}/{name}.yaml',
    ]) {
      const template = createPathTemplate(text)
      fc.assert(
        fc.property(key, (wanted) => {
          expect(template.key(template.path(wanted))).toEqual(wanted)
        }),
      )
    }
  })
  it('never make a path that leads outside', () => {
    const { path } = createPathTemplate('{groupKind}/{namespace}/{name}/x.{ext}')
    const part = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('..', '.', '/', '../..', '.git', 'a/../..', '\\'),
    )
    fc.assert(
      fc.property(part, part, part, (kind, namespace, name) => {
        try {
          const made = path({ group: '', kind, namespace, name })
          expect(failure(() => checkPath(made))).toBe('nothing')
          expect(made.split('/')).toHaveLength(4)
        } catch (error) {
          if (!isLgError(error, 'INVALID_PATH')) throw error
        }
      }),
    )
  })
})

describe('rules', () => {
  it.each([
    [{}, 'a.yaml', true],
    [{}, 'a/b/c.YML', false],
    [{}, 'a/b.json', true],
    [{}, 'a.txt', false],
    [{}, '.git/x.yaml', false],
    [{}, 'sub/.git/x.yaml', false],
    [{}, '.github/x.yaml', true],
    [{ include: ['clusters/**/*.yaml'] }, 'clusters/x.yaml', true],
    [{ include: ['clusters/**/*.yaml'] }, 'clusters/a/b/x.yaml', true],
    [{ include: ['clusters/**/*.yaml'] }, 'other/x.yaml', false],
    [{ include: ['clusters/**'] }, 'clusters/a/b.txt', true],
    [{ include: ['*.{yaml,json}'] }, 'deep/down/x.json', true],
    [{ include: ['/x.yaml'] }, 'a/x.yaml', false],
    [{ include: ['a?.yaml'] }, 'ab.yaml', true],
    [{ include: ['a?.yaml'] }, 'a.yaml', false],
    [{ exclude: ['vendor'] }, 'a/vendor/b/x.yaml', false],
    [{ exclude: ['/vendor'] }, 'a/vendor/x.yaml', true],
    [{ exclude: ['*.draft.yaml'] }, 'a/x.draft.yaml', false],
    [{ exclude: ['a.b'] }, 'aXb/x.yaml', true],
    [{ include: ['**'], exclude: ['secret/**'] }, 'secret/x', false],
  ])('%j: %s is %j', (options, path, expected) => {
    expect(createPathRules(options).file(path)).toBe(expected)
  })
  it('keep folders from being entered', () => {
    const rules = createPathRules({ exclude: ['vendor', 'a/b'] })
    expect(['x', 'x/vendor', 'a/b', '.git', 'a/.Git'].map((path) => rules.folder(path))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('the version', () => {
  it('is what Git calls the bytes', () => {
    expect(contentVersion(Buffer.from(''))).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
    expect(contentVersion(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
  })
})
