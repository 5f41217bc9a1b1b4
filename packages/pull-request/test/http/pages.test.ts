import { hasNextPage, httpErrors, itemsOf } from '@lg/pull-request/http'
import { describe, expect, it } from 'vitest'
import { failureOf } from './api.ts'

describe('a list of pages', () => {
  it('is read to its end, and no further than wanted', async () => {
    const read: number[] = []
    const pages = [['a', 'b'], ['c', 'd'], ['e']]
    const items = (): AsyncGenerator<string, void> =>
      itemsOf(async (page) => {
        read.push(page)
        return { items: pages[page - 1] ?? [], more: page < pages.length }
      })
    const all: string[] = []
    for await (const item of items()) all.push(item)
    expect(all).toEqual(['a', 'b', 'c', 'd', 'e'])
    for await (const item of items()) if (item === 'b') break
    expect(read).toEqual([1, 2, 3, 1])
  })

  it('that is none is BAD_ANSWER: nothing at all is not an empty list', async () => {
    for (const items of ['', undefined, { number: 1 }] as unknown[]) {
      const read = async (): Promise<void> => {
        for await (const _ of itemsOf(async () => ({ items: items as readonly unknown[], more: false })));
      }
      await expect(read()).rejects.toMatchObject({ code: 'BAD_ANSWER' })
    }
  })

  it('without end ends', async () => {
    const endless = async (): Promise<void> => {
      for await (const _ of itemsOf(async () => ({ items: [], more: true })));
    }
    expect(httpErrors.is(await failureOf(endless()), 'BAD_ANSWER')).toBe(true)
  })

  it.each([
    ['<https://x/?page=2>; rel="next", <https://x/?page=9>; rel="last"', true],
    ['<https://x/?page=1>; rel="prev", <https://x/?page=3>; rel="next"', true],
    ['<https://x/?page=1>; rel="prev first"', false],
    ['<https://x/?page=2>; rel=next', true],
    ['<https://x/?page=2>; title="a"; rel="last next"', true],
    ['<https://x/?rel=next>; rel="last"', false],
    ['', false],
    [undefined, false],
  ])('%s says whether there is more: %s', (link, expected) => expect(hasNextPage(link)).toBe(expected))
})
