import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkBranchName, checkPath, checkRefName, parseRefspec } from '@lg/git'

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

describe('checkPath', () => {
  it.each([
    'a',
    'a/b.yaml',
    '.gitignore',
    '.github/x',
    'git',
    'a.git',
    '...',
    'a\\b',
    'ünï/☃',
    ' ',
    'a:b',
    '-x',
    'gitx~1',
  ])('takes %j', (path) => {
    expect(accepts(() => checkPath(path))).toBe(true)
  })
  it.each(['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/..', '../a', './a', 'a\0b', 'a\ud800b', 'a\\..\\b'])(
    'refuses %j',
    (path) => {
      expect(accepts(() => checkPath(path))).toBe(false)
    },
  )
  it.each([
    '.git',
    '.GIT/x',
    'a/.Git',
    '.git /x',
    '.git...',
    'git~1',
    'GIT~1/x',
    '.git::$DATA',
    '.gi\u200dt',
    'a\\.git\\x',
  ])('refuses %j, which some file system takes for .git', (path) => {
    expect(accepts(() => checkPath(path))).toBe(false)
  })

  it('lets nothing by that leaves the root', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '.', '..', '/', '\\', '.git', '')), (pieces) => {
        const path = pieces.join('')
        if (accepts(() => checkPath(path))) {
          expect(
            new URL(encodeURI(path).replaceAll('\\', '/'), 'file:///root/').pathname.startsWith('/root/'),
          ).toBe(true)
        }
      }),
    )
  })
})
