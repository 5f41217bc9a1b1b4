import { readAnswer } from '@lg/pull-request/http'
import { describe, expect, it } from 'vitest'

describe('a list of texts in an answer', () => {
  const answer = readAnswer({ labels: ['a', 'b'], none: null, mixed: ['a', 1], text: 'a' }, 'pull request')

  it('is read, and empty where there is none', () => {
    expect([answer.texts('labels'), answer.texts('none'), answer.texts('absent')]).toEqual([
      ['a', 'b'],
      [],
      [],
    ])
  })

  it.each(['mixed', 'text'])('that is none is BAD_ANSWER: %s', (name) => {
    expect(() => answer.texts(name)).toThrow(`"${name}" of a pull request`)
    expect(() => answer.texts(name)).toThrow(expect.objectContaining({ code: 'BAD_ANSWER' }))
  })
})
