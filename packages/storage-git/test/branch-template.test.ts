import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkBranchName } from '@lg/git'
import { createBranchTemplate } from '../src/policy/branch-template.ts'

const hash = '0123abcd'
const template = createBranchTemplate('lg/{key}-{hash}')

it('makes branches that are names, are read again, and differ for different keys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      const branch = template.branchOf(one, hash)
      checkBranchName(branch)
      expect(template.readSlug(branch)).toBe(template.slugOf(one))
      if (one !== other) expect(template.slugOf(one)).not.toBe(template.slugOf(other))
    }),
  )
})

it('leaves a plain key as it is', () => {
  for (const key of ['foo', 'foo-update', 'v1.2', 'a_b']) expect(template.slugOf(key)).toBe(key)
  for (const key of ['Foo', 'a/b', '', '-', 'x.lock', 'a--b', 'a..b', '.a'])
    expect(template.slugOf(key)).toMatch(/[0-9a-f]{8}$/)
})

it('reads no other branch', () => {
  for (const branch of [
    'main',
    'lg/foo',
    'lg/foo-',
    `lg/-${hash}`,
    `xlg/foo-${hash}`,
    `lg/foo-${hash}/x`,
    `lg/a/b-${hash}`,
  ])
    expect(template.readSlug(branch)).toBeUndefined()
  expect(createBranchTemplate('a.b/{key}').readSlug('axb/foo')).toBeUndefined()
})
