import { describe, expect, it } from 'vitest'
import {
  asObject,
  formatApiVersion,
  formatGroupKind,
  groupVersionKindOf,
  hasTypeMeta,
  isPartialObject,
  parseApiVersion,
  runtimeErrors,
  toPartialObject,
  typeMeta,
} from '../src/index.ts'

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { nodeName: 'a' } }

describe('apiVersion', () => {
  it.each([
    ['v1', '', 'v1'],
    ['apps/v1', 'apps', 'v1'],
    ['sample-app.weave.works/v1alpha1', 'sample-app.weave.works', 'v1alpha1'],
  ])('%s is group "%s" and version "%s"', (apiVersion, group, version) => {
    expect(parseApiVersion(apiVersion)).toEqual({ group, version })
    expect(formatApiVersion({ group, version })).toBe(apiVersion)
  })

  it('names kinds as Kubernetes does', () => {
    expect(formatGroupKind({ group: '', kind: 'Pod' })).toBe('Pod')
    expect(formatGroupKind({ group: 'apps', kind: 'Deployment' })).toBe('Deployment.apps')
  })

  it('goes from object to kind and back', () => {
    expect(groupVersionKindOf(pod)).toEqual({ group: '', version: 'v1', kind: 'Pod' })
    expect(typeMeta({ group: 'apps', version: 'v1', kind: 'Deployment' })).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
    })
  })
})

describe('asObject', () => {
  it('returns the value itself', () => {
    expect(asObject(pod)).toBe(pod)
  })

  it.each<[unknown, string[]]>([
    ['text', []],
    [[pod], []],
    [{ kind: 'Pod', metadata: {} }, ['apiVersion']],
    [{ apiVersion: '', kind: 'Pod', metadata: {} }, ['apiVersion']],
    [{ apiVersion: 'v1', kind: 7, metadata: {} }, ['kind']],
    [{ apiVersion: 'v1', kind: 'Pod' }, ['metadata']],
    [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 8080 } }, ['metadata', 'name']],
    [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: true } }, ['metadata', 'namespace']],
  ])('refuses %j and names the field', (value, path) => {
    let thrown: unknown
    try {
      asObject(value)
    } catch (error) {
      thrown = error
    }
    if (!runtimeErrors.is(thrown, 'INVALID_OBJECT')) throw thrown
    expect(thrown.details.path).toEqual(path)
  })
})

it('tells what may be an object by its type fields', () => {
  expect(hasTypeMeta(pod)).toBe(true)
  expect(hasTypeMeta({ apiVersion: 'v1', kind: 'List' })).toBe(true)
  expect(hasTypeMeta({ apiVersion: 'v1' })).toBe(false)
  expect(hasTypeMeta(null)).toBe(false)
})

it('marks a partial object without a visible field', () => {
  const partial = toPartialObject(pod)
  expect(isPartialObject(partial)).toBe(true)
  expect(isPartialObject(pod)).toBe(false)
  expect(partial).toEqual({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } })
  expect(JSON.stringify(partial)).toBe('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"}}')
})
