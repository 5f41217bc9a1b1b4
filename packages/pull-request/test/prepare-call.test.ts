import {
  checkBranches,
  checkComment,
  checkLocator,
  checkMergeRequest,
  checkQuery,
  prepareUpdate,
  type MergeRequest,
  type PullRequestUpdate,
} from '@lg/pull-request'
import { describe, expect, test } from 'vitest'
import { repository, traitsWith } from './traits.ts'

const locator = { repository, number: 3 }
const code = (wanted: string, details: object = {}): unknown =>
  expect.objectContaining({ code: wanted, details: expect.objectContaining(details) })

describe('update', () => {
  test('what is both added and removed is added', () => {
    const { labels } = prepareUpdate(
      locator,
      { labels: { add: ['a', 'a'], remove: ['a', 'b'] } },
      traitsWith(),
    )
    expect(labels).toEqual({ add: ['a'], remove: ['b'] })
  })

  test('null and false take away, absent stays', () => {
    const changes = { milestone: null, autoMerge: false } as const
    expect(prepareUpdate(locator, changes, traitsWith())).toMatchObject({ milestone: null, autoMerge: false })
    expect(prepareUpdate(locator, {}, traitsWith())).toEqual({
      title: undefined,
      description: undefined,
      base: undefined,
      labels: { add: [], remove: [] },
      assignees: { add: [], remove: [] },
      reviewers: { add: [], remove: [] },
      teamReviewers: { add: [], remove: [] },
      milestone: undefined,
      draft: undefined,
      autoMerge: undefined,
      ignored: [],
    })
  })

  test('what the host lacks is ignored, or refused when strict', () => {
    const changes = { labels: { add: ['x'] }, draft: true }
    const poor = traitsWith({ labels: false, draft: false })
    expect(prepareUpdate(locator, changes, poor).ignored).toMatchObject([
      { field: 'labels' },
      { field: 'draft' },
    ])
    expect(() => prepareUpdate(locator, { ...changes, strict: true }, poor)).toThrow(code('UNSUPPORTED'))
  })

  test('faults', () => {
    const wrong: Record<string, unknown>[] = [
      { title: '' },
      { base: 'a b' },
      { labels: ['x'] },
      { labels: { add: 'x' } },
      { assignees: { remove: ['@x'] } },
      { milestone: 3 },
      { draft: null },
    ]
    for (const changes of wrong) {
      const faults = [expect.objectContaining({ field: Object.keys(changes)[0] })]
      expect(() => prepareUpdate(locator, changes as PullRequestUpdate, traitsWith())).toThrow(
        code('VALIDATION', { faults }),
      )
    }
  })
})

test('a locator has a number', () => {
  expect(() => checkLocator(locator, traitsWith())).not.toThrow()
  for (const number of [0, -3, 2.5, 2 ** 60, Number.NaN, '3' as unknown as number]) {
    expect(() => checkLocator({ repository, number }, traitsWith())).toThrow(code('VALIDATION'))
  }
})

test('merge requests', () => {
  const check =
    (request: MergeRequest, less = {}) =>
    () =>
      checkMergeRequest(locator, request, traitsWith(less))
  expect(check({ method: 'squash', expectedHead: 'a'.repeat(40), title: 'x', message: '' })).not.toThrow()
  expect(check({ method: 'rebase' })).toThrow(code('UNSUPPORTED', { features: ['merge method rebase'] }))
  expect(check({ whenChecksPass: true }, { autoMerge: false })).toThrow(
    code('UNSUPPORTED', { features: ['auto-merge'] }),
  )
  expect(check({ method: 'octopus' as 'merge' })).toThrow(code('VALIDATION'))
  expect(check({ expectedHead: 'main' })).toThrow(code('VALIDATION'))
  expect(check({ title: 'a\nb' })).toThrow(code('VALIDATION'))
})

test('comments, branches and queries', () => {
  expect(() => checkComment(locator, { body: ' \n' }, traitsWith())).toThrow(code('VALIDATION'))
  expect(() => checkComment(locator, { body: 'x', topic: '' }, traitsWith())).toThrow(code('VALIDATION'))
  expect(() => checkComment(locator, { body: 'x' }, traitsWith({ comments: false }))).toThrow(
    code('UNSUPPORTED'),
  )
  expect(() => checkBranches({ repository, head: '', base: 'main' }, traitsWith())).toThrow(
    code('VALIDATION'),
  )
  expect(() => checkQuery({ repository, limit: Infinity }, traitsWith())).not.toThrow()
  for (const limit of [0, 1.5, -1]) {
    expect(() => checkQuery({ repository, limit }, traitsWith())).toThrow(code('VALIDATION'))
  }
})

test('a comment may have a limit of its own, else that of a description', () => {
  const check = (length: number, commentLimit?: number): void =>
    checkComment(locator, { body: 'x'.repeat(length) }, traitsWith({ descriptionLimit: 40, commentLimit }))
  expect(() => check(40)).not.toThrow()
  expect(() => check(41)).toThrow(/40 that the host takes/)
  expect(() => check(50, 50)).not.toThrow()
  expect(() => check(51, 50)).toThrow(/50 that the host takes/)
})
