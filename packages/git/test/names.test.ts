import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBranchName, checkRefName, parseRefspec } from '@lg/git'

function accepts(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^INVALID_(?:REF|PATH)$/) })
    return false
  }
}

describe('checkRefName', () => {
  const piece = fc.constantFrom(
    'a',
    'B',
    '/',
    '.',
    '..',
    '@',
    '{',
    '@{',
    '~',
    '^',
    ':',
    '?',
    '*',
    '[',
    '\\',
    ' ',
    '-',
    '.lock',
    'é',
    '\x7f',
    '\t',
  )

  it('judges as git check-ref-format does', () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
        const ref = `refs/${pieces.join('')}`
        let git = true
        try {
          execFileSync('git', ['check-ref-format', ref], { stdio: 'ignore' })
        } catch {
          git = false
        }
        expect(
          accepts(() => checkRefName(ref)),
          JSON.stringify(ref),
        ).toBe(git)
      }),
      { numRuns: 150 },
    )
  })

  it('wants a full name', () => {
    expect(accepts(() => checkRefName('main'))).toBe(false)
    expect(accepts(() => checkRefName('refs/heads/main'))).toBe(true)
    expect(accepts(() => checkRefName('refs/lg/tx/1'))).toBe(true)
  })
})

describe('checkBranchName', () => {
  it.each(['main', 'team/x', 'car-update-0a1b2c3d', 'é', '@x'])('takes %s', (name) => {
    expect(accepts(() => checkBranchName(name))).toBe(true)
  })
  it.each([
    '',
    'HEAD',
    '@',
    '-d',
    '--force',
    'a..b',
    'a b',
    'x.lock',
    '.x',
    'x/.y',
    'x/',
    'x.',
    'a:b',
    'a\ud800',
  ])('refuses %j', (name) => {
    expect(accepts(() => checkBranchName(name))).toBe(false)
  })
})

describe('parseRefspec', () => {
  it('reads both sides', () => {
    expect(parseRefspec('+refs/heads/*:refs/remotes/origin/*')).toEqual({
      force: true,
      source: 'refs/heads/*',
      destination: 'refs/remotes/origin/*',
    })
    expect(parseRefspec('refs/heads/main:refs/lg/main').force).toBe(false)
  })
  it.each([
    '',
    'main',
    ':refs/heads/x',
    'refs/heads/*:refs/x',
    'refs/*/*:refs/*/*',
    '^refs/heads/x',
    'refs/a:refs/b:refs/c',
  ])('refuses %j', (refspec) => {
    expect(accepts(() => parseRefspec(refspec))).toBe(false)
  })
})
