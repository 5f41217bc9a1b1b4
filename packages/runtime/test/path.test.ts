import { checkPath, runtimeErrors } from '@lg/runtime'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

/** Why a path is refused; `undefined` for one that is taken. */
function refusal(path: string): string | undefined {
  try {
    checkPath(path)
    return undefined
  } catch (error) {
    if (!runtimeErrors.is(error, 'INVALID_PATH')) throw error
    expect(error.details.path).toBe(path)
    return error.details.reason
  }
}

describe('a path', () => {
  it.each([
    'a',
    'a/b.yaml',
    '.gitignore',
    '.github/x',
    'git',
    'x.git/y',
    '...',
    'a\\b',
    'a b/ünï/☃',
    ' ',
    'a:b',
    '-x',
    'gitx~1',
    'constructor/__proto__',
    'x'.repeat(255),
  ])('may be %j', (path) => expect(refusal(path)).toBeUndefined())
  it.each(['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/..', 'a/../b', './a', 'a\0b', 'a\ud800b', 'a\\..\\b'])(
    'may not be %j',
    (path) => expect(refusal(path)).toBeTypeOf('string'),
  )
  it.each([
    '.git',
    '.git/hooks/x',
    '.GIT/x',
    'a/.Git',
    '.git /x',
    '.git...',
    'git~1',
    'GIT~1/x',
    '.git::$INDEX_ALLOCATION/x',
    '.gi\u200dt',
    'a\\.git\\x',
  ])('may not be %j, which some file system takes for .git', (path) =>
    expect(refusal(path)).toContain('belongs to Git'),
  )
  it.each(['x'.repeat(256), 'é'.repeat(128)])('may not have a name of more than 255 bytes', (name) =>
    expect(refusal(`a/${name}/b`)).toContain('255 bytes'),
  )

  it('never leaves the root', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '.', '..', '/', '\\', '.git', '')), (pieces) => {
        const path = pieces.join('')
        if (refusal(path) !== undefined) return
        const { pathname } = new URL(encodeURI(path).replaceAll('\\', '/'), 'file:///base/')
        expect(pathname.startsWith('/base/')).toBe(true)
      }),
    )
  })
})
