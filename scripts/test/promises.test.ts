import { describe, expect, it } from 'vitest'
import { brokenPromises, readPromises, testResults } from '../promises.mjs'

const promises = readPromises(
  ['# Promises', '', '- Nothing is lost — `packages/a/test/a.test.ts` › a write › keeps comments'].join('\n'),
)
const result = (name: string, status = 'passed', file = 'packages/a/test/a.test.ts') => ({
  file,
  name,
  status,
})

describe('promises', () => {
  it('are read with the line, the file and the test', () => {
    expect(promises).toEqual([
      {
        line: 3,
        sentence: 'Nothing is lost',
        file: 'packages/a/test/a.test.ts',
        test: 'a write › keeps comments',
      },
    ])
  })

  it('in another form are refused, so that none goes unchecked', () => {
    expect(() => readPromises('- Nothing is lost')).toThrow('docs/promises.md:1')
  })

  it.each([
    ['by the whole name', 'a write › keeps comments'],
    ['by the end of the name, from a group on', 'storage › a write › keeps comments'],
  ])('are kept by a passing test, found %s', (_, name) => {
    expect(brokenPromises(promises, [result(name)])).toEqual([])
  })

  it.each([
    ['is missing', [], 'no test'],
    [
      'is in another file',
      [result('a write › keeps comments', 'passed', 'packages/b/test/a.test.ts')],
      'no test',
    ],
    ['only ends alike', [result('never a write › keeps comments')], 'no test'],
    ['is skipped', [result('a write › keeps comments', 'skipped')], 'is skipped'],
    ['fails', [result('a write › keeps comments', 'failed')], 'is failed'],
    [
      'fails in one of its variants',
      [result('memory › a write › keeps comments'), result('directory › a write › keeps comments', 'failed')],
      'is failed',
    ],
  ])('are broken when the test %s', (_, results, reason) => {
    expect(brokenPromises(promises, results)).toEqual([expect.stringContaining(reason)])
  })

  it('are compared with what vitest reports', () => {
    const report = {
      testResults: [
        {
          name: '/somewhere/packages/a/test/a.test.ts',
          assertionResults: [{ ancestorTitles: ['a write'], title: 'keeps comments', status: 'passed' }],
        },
      ],
    }
    expect(testResults(report, '/somewhere')).toEqual([result('a write › keeps comments')])
  })
})
