import { parseRepositoryReference } from '@lg/git'
import { prepareSpec, pullRequestErrors, type PullRequestSpec } from '@lg/pull-request'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { repository, spec, traitsWith } from './traits.ts'

const errorOf = (call: () => unknown): unknown => {
  try {
    return call()
  } catch (error) {
    return error
  }
}

test('a spec comes back complete, without duplicates', () => {
  expect(prepareSpec({ ...spec, labels: ['a', 'b', 'a'], autoMerge: true }, traitsWith())).toEqual({
    ...spec,
    headRepository: undefined,
    description: undefined,
    labels: ['a', 'b'],
    assignees: [],
    reviewers: [],
    teamReviewers: [],
    milestone: undefined,
    draft: undefined,
    autoMerge: {},
    ignored: [],
  })
})

describe('every fault is named', () => {
  const faults: readonly [what: string, fields: Record<string, unknown>, reason: string][] = [
    ['no title', { title: undefined }, 'not a string'],
    ['an empty title', { title: '\u00a0 ' }, 'empty'],
    ['two lines', { title: 'a\u2028b' }, 'more than one line'],
    ['a control character', { title: 'a\u0007' }, 'control character'],
    ['a long title', { title: '🚗'.repeat(21) }, '21 characters, more than the 20'],
    ['a long description', { description: 'x'.repeat(41) }, '41 characters, more than the 40'],
    ['half a character', { description: '\ud83d' }, 'not well-formed'],
    ['NUL', { description: '\0' }, 'NUL'],
    ['a full ref', { head: 'refs/heads/x' }, 'without "refs/heads/"'],
    ['an option', { head: '--force' }, 'option'],
    ['a branch with a space', { base: 'a b' }, 'character " "'],
    ['head and base the same', { head: 'main' }, 'the base branch itself'],
    ['no list', { labels: 'bug' }, 'not a list'],
    ['a name that is none', { reviewers: ['bob', 1] }, 'entry 2 is not a string'],
    ['an @', { assignees: ['@bob'] }, 'without "@"'],
    ['white space at an end', { labels: ['bug '] }, 'white space'],
    ['an empty milestone', { milestone: '' }, 'empty'],
    ['no boolean', { draft: 'yes' }, 'neither true nor false'],
    ['a method that is none', { autoMerge: { method: 'octopus' } }, 'one of merge, squash'],
    ['no object', { autoMerge: 'yes' }, 'not an object'],
  ]
  for (const [what, fields, reason] of faults) {
    test(`${what}`, () => {
      const error = errorOf(() => prepareSpec({ ...spec, ...fields } as PullRequestSpec, traitsWith()))
      expect(error).toMatchObject({
        code: 'VALIDATION',
        message: expect.stringContaining('git.example.org/lg/cars'),
        details: {
          step: 'validate',
          faults: [{ field: Object.keys(fields)[0], reason: expect.stringContaining(reason) }],
        },
      })
    })
  }

  test('all at once', () => {
    const wrong = { ...spec, title: '', head: 'a..b', labels: [''], draft: 1 } as unknown as PullRequestSpec
    const error = errorOf(() => prepareSpec(wrong, traitsWith()))
    if (!pullRequestErrors.is(error, 'VALIDATION')) throw error
    expect(error.details.faults.map(({ field }) => field)).toEqual(['title', 'head', 'labels', 'draft'])
  })

  test('whatever the text, it is taken or refused with a code', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 })
    fc.assert(
      fc.property(text, text, text, (title, head, label) => {
        const result = errorOf(() => prepareSpec({ ...spec, title, head, labels: [label] }, traitsWith()))
        if (!pullRequestErrors.is(result, 'VALIDATION'))
          expect(result).toMatchObject({ title, head, labels: [label] })
      }),
    )
  })
})

describe('what the host cannot do', () => {
  const full: PullRequestSpec = {
    ...spec,
    labels: ['a'],
    assignees: ['ann', 'bob', 'cid'],
    reviewers: ['ann'],
    teamReviewers: ['pit'],
    milestone: 'v1',
    draft: true,
    autoMerge: { method: 'rebase' },
  }
  const poor = traitsWith({
    labels: false,
    assignees: 1,
    reviewers: 0,
    teamReviewers: false,
    milestone: false,
    draft: false,
  })

  test('is ignored and told', () => {
    const { ignored, assignees, labels, milestone, draft, autoMerge } = prepareSpec(full, poor)
    expect({ assignees, labels, milestone, draft, autoMerge }).toEqual({
      assignees: ['ann'],
      labels: [],
      milestone: undefined,
      draft: undefined,
      autoMerge: undefined,
    })
    expect(ignored.map(({ field, values }) => [field, values])).toEqual([
      ['labels', ['a']],
      ['assignees', ['bob', 'cid']],
      ['reviewers', ['ann']],
      ['teamReviewers', ['pit']],
      ['milestone', ['v1']],
      ['draft', []],
      // The repository does not merge that way.
      ['autoMerge', []],
    ])
  })

  test('is refused when strict', () => {
    expect(errorOf(() => prepareSpec({ ...full, strict: true }, poor))).toMatchObject({
      code: 'UNSUPPORTED',
      details: {
        features: ['labels', 'assignees', 'reviewers', 'teamReviewers', 'milestone', 'draft', 'autoMerge'],
      },
    })
  })

  test('does not include what is done anyway', () => {
    expect(
      prepareSpec(
        { ...spec, draft: false, autoMerge: false, strict: true },
        traitsWith({ draft: false, autoMerge: false }),
      ).ignored,
    ).toEqual([])
  })

  test('a fork is refused, also without strict', () => {
    const headRepository = parseRepositoryReference('https://git.example.org/bob/cars.git')
    const fork = { ...spec, headRepository, head: 'main' }
    expect(prepareSpec(fork, traitsWith())).toMatchObject({ headRepository, head: 'main' })
    expect(errorOf(() => prepareSpec(fork, traitsWith({ forks: false })))).toMatchObject({
      code: 'UNSUPPORTED',
      details: { features: ['forks'] },
    })
    const same = parseRepositoryReference('git@git.example.org:lg/cars.git')
    expect(
      prepareSpec({ ...spec, repository, headRepository: same }, traitsWith({ forks: false })).headRepository,
    ).toBeUndefined()
  })
})
