import type { PullRequest } from '@lg/pull-request'
import { expect, it } from 'vitest'
import { planPolicy, type OpenPullRequest } from '../src/policy/plan-policy.ts'

const open = (number: number, slug: string, head: string): OpenPullRequest => ({
  slug,
  pullRequest: { number, head } as PullRequest,
})
const all = [open(1, 'foo', 'lg/foo/1'), open(2, 'foo', 'lg/foo/2'), open(3, 'bar', 'lg/bar/1')]
const closed = (branch: string | undefined, limit = Infinity): unknown => {
  const plan = planPolicy({ slug: 'foo', branch, open: all, limit })
  return plan.type === 'refuse' ?
      plan
    : plan.close.map(({ pullRequest, reason }) => `${pullRequest.number} ${reason}`)
}

it('closes those of the same key that another one takes the place of', () => {
  expect(closed('lg/foo/3')).toEqual(['1 superseded', '2 superseded'])
  expect(closed('lg/foo/2')).toEqual(['1 superseded'])
})

it('closes all of the key when nothing is left to change', () => {
  expect(closed(undefined)).toEqual(['1 resolved', '2 resolved'])
})

it('refuses one more than the limit, but nothing that is open or takes a place', () => {
  expect(closed('lg/foo/3', 2)).toEqual(['1 superseded', '2 superseded'])
  expect(closed('lg/foo/3', 1)).toEqual({ type: 'refuse', open: [3] })
  expect(closed('lg/foo/2', 1)).toEqual(['1 superseded'])
  expect(closed(undefined, 1)).toEqual(['1 resolved', '2 resolved'])
})
