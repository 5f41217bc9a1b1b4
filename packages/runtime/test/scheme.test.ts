import { describe, expect, it } from 'vitest'
import {
  createScheme,
  runtimeErrors,
  type KindDefinition,
  type RuntimeErrors,
  type Scheme,
} from '../src/index.ts'
import { anySchema } from './any-schema.ts'

type AnyKind = KindDefinition<typeof anySchema>
const car = (version: string, more: Partial<AnyKind> = {}): AnyKind => ({
  group: 'example.org',
  version,
  kind: 'Car',
  scope: 'namespaced',
  schema: anySchema,
  ...more,
})
const convert = (object: unknown): unknown => object

function schemeOf(...kinds: AnyKind[]): Scheme {
  const scheme = createScheme()
  for (const kind of kinds) scheme.register(kind)
  return scheme
}

function detailsOf<Code extends keyof RuntimeErrors>(code: Code, call: () => unknown): RuntimeErrors[Code] {
  try {
    call()
  } catch (error) {
    if (runtimeErrors.is(error, code)) return error.details
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a scheme', () => {
  const old = car('v1')
  const hub = car('v2', { hub: true })
  const scheme = schemeOf(old, hub, car('v1', { kind: 'Garage', scope: 'cluster' }))

  it('finds versions, the hub and the scope of a kind', () => {
    expect(scheme.find({ group: 'example.org', version: 'v1', kind: 'Car' })).toBe(old)
    expect(scheme.get({ group: 'example.org', version: 'v2', kind: 'Car' })).toBe(hub)
    expect(scheme.versionsOf({ group: 'example.org', kind: 'Car' })).toEqual([old, hub])
    expect(scheme.hubOf({ group: 'example.org', kind: 'Car' })).toBe(hub)
    expect(scheme.hubOf({ group: 'example.org', kind: 'Garage' })).toBeUndefined()
    expect(scheme.scopeOf({ group: 'example.org', kind: 'Garage' })).toBe('cluster')
    expect(scheme.scopeOf({ group: '', kind: 'Pod' })).toBeUndefined()
    expect(scheme.kinds()).toHaveLength(3)
  })

  it('names the first part that it does not know, and what it knows instead', () => {
    const get = (group: string, version: string, kind: string) => () => scheme.get({ group, version, kind })
    expect(detailsOf('UNRECOGNIZED_GROUP', get('apps', 'v1', 'Car')).known).toEqual(['example.org'])
    expect(detailsOf('UNRECOGNIZED_KIND', get('example.org', 'v1', 'Bus')).known).toEqual(['Car', 'Garage'])
    expect(detailsOf('UNRECOGNIZED_VERSION', get('example.org', 'v3', 'Car'))).toEqual({
      kind: { group: 'example.org', version: 'v3', kind: 'Car' },
      known: ['v1', 'v2'],
    })
  })

  it('does not change by reading', () => {
    expect(scheme.find({ group: 'constructor', version: '__proto__', kind: 'toString' })).toBeUndefined()
    expect(scheme.kinds()).toHaveLength(3)
  })
})

describe('register', () => {
  it.each<[string, AnyKind[]]>([
    ['this version is registered already', [car('v1'), car('v1')]],
    ['it is cluster, but v1 is namespaced', [car('v1'), car('v2', { scope: 'cluster' })]],
    ['another version is the hub already', [car('v1', { hub: true }), car('v2', { hub: true })]],
    ['the hub does not convert to itself', [car('v1', { hub: true, toHub: convert, fromHub: convert })]],
    ['toHub and fromHub go together', [car('v1', { toHub: convert })]],
  ])('refuses: %s', (reason, kinds) => {
    expect(detailsOf('INVALID_SCHEME', () => schemeOf(...kinds)).reason).toBe(reason)
  })

  it('leaves the scheme as it was when it refuses', () => {
    const scheme = schemeOf(car('v1'))
    expect(() => scheme.register(car('v1'))).toThrow()
    expect(scheme.kinds()).toHaveLength(1)
  })
})
