import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareKeys,
  createNameIdentifier,
  createScheme,
  createUidIdentifier,
  formatKey,
  identify,
  keyId,
  keyOf,
  objectKey,
  runtimeErrors,
  type KubernetesObject,
  type ObjectKey,
} from '../src/index.ts'
import { anySchema } from './any-schema.ts'

const scopes = createScheme()
scopes.register({ group: 'apps', version: 'v1', kind: 'Deployment', scope: 'namespaced', schema: anySchema })
scopes.register({ group: '', version: 'v1', kind: 'Namespace', scope: 'cluster', schema: anySchema })

const deployment: KubernetesObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }
const namespace: KubernetesObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
const codeOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'none'
}

describe('keyOf', () => {
  it('gives a namespaced object without a namespace that of the default namespace', () => {
    expect(keyOf(deployment, { scopes })).toEqual({
      group: 'apps',
      kind: 'Deployment',
      namespace: 'default',
      name: 'web',
    })
    expect(keyOf(deployment, { scopes, defaultNamespace: 'team' }).namespace).toBe('team')
    expect(keyOf({ ...deployment, metadata: { name: 'web', namespace: '' } }, { scopes }).namespace).toBe(
      'default',
    )
  })

  it('ignores the version', () => {
    const newer = { ...deployment, apiVersion: 'apps/v2' }
    expect(keyId(keyOf(newer, { scopes }))).toBe(keyId(keyOf(deployment, { scopes })))
  })

  it('never gives a cluster-scoped object a namespace', () => {
    expect(
      keyOf({ ...namespace, metadata: { name: 'shop', namespace: 'stray' } }, { scopes }).namespace,
    ).toBe('')
  })

  it('takes the metadata as it is for a kind without a known scope', () => {
    expect(keyOf(deployment).namespace).toBe('')
    expect(keyOf({ ...deployment, metadata: { name: 'web', namespace: 'team' } }).namespace).toBe('team')
  })

  it('refuses an object without a name', () => {
    expect(codeOf(() => keyOf({ ...deployment, metadata: {} }))).toBe('INVALID_KEY')
  })
})

describe('objectKey', () => {
  it('is frozen', () => {
    expect(Object.isFrozen(objectKey({ group: '', kind: 'Pod', name: 'web' }))).toBe(true)
  })

  it.each([
    { group: '', kind: '', name: 'web' },
    { group: '', kind: 'Pod', name: '' },
    { group: '', kind: 'Pod', name: 'a\0b' },
    { group: '', kind: 'Pod', namespace: 'a\0b', name: 'web' },
    { group: undefined as unknown as string, kind: 'Pod', name: 'web' },
  ])('refuses %j', (parts) => {
    expect(codeOf(() => objectKey(parts))).toBe('INVALID_KEY')
  })
})

const part = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'))
const anyKey: fc.Arbitrary<ObjectKey> = fc.record({ group: part, kind: part, namespace: part, name: part })

it('has one id per key', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (a, b) => {
      expect(keyId(a) === keyId(b)).toBe(compareKeys(a, b) === 0)
    }),
  )
})

it('orders keys the same from any start', () => {
  fc.assert(
    fc.property(fc.array(anyKey), (keys) => {
      const sorted = [...keys].sort(compareKeys).map(keyId)
      expect([...keys].reverse().sort(compareKeys).map(keyId)).toEqual(sorted)
    }),
  )
})

it('reads well', () => {
  expect(formatKey(keyOf(deployment, { scopes }))).toBe('Deployment.apps default/web')
  expect(formatKey(keyOf(namespace, { scopes }))).toBe('Namespace shop')
})

describe('identify', () => {
  const identifiers = [createNameIdentifier({ scopes }), createUidIdentifier()]

  it('takes the first that does not decline', () => {
    expect(identify(deployment, identifiers)).toBe('default/web')
    expect(identify(namespace, identifiers)).toBe('shop')
    expect(identify({ ...deployment, metadata: { uid: '0f2a' } }, identifiers)).toBe('0f2a')
    expect(
      identify({ ...deployment, metadata: { name: 'web', uid: '0f2a' } }, identifiers.toReversed()),
    ).toBe('0f2a')
  })

  it('says what it tried when all decline', () => {
    let thrown: unknown
    try {
      identify({ ...deployment, metadata: {} }, identifiers)
    } catch (error) {
      thrown = error
    }
    if (!runtimeErrors.is(thrown, 'NOT_IDENTIFIABLE')) throw thrown
    expect(thrown.message).toContain('name, uid')
    expect(thrown.details.kind).toBe('Deployment.apps')
  })
})
