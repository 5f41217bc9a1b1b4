import {
  markedDescription,
  markerLength,
  planAgain,
  proposedBy,
  readDescription,
  readTopic,
  withTopic,
} from '@lg/pull-request/hosted'
import { prepareSpec, type PreparedSpec } from '@lg/pull-request'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spec, traitsWith } from '../traits.ts'

const prepared = (changes: Partial<typeof spec> = {}): PreparedSpec =>
  prepareSpec({ ...spec, ...changes }, traitsWith())

describe('the marker in a description', () => {
  it('comes back with the description, whatever that is', async () => {
    const proposed = await proposedBy(prepared())
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const description = text.replace(/[\r\n]+$/, '')
        expect(readDescription(markedDescription({ description, proposed }))).toEqual({
          description,
          proposed,
        })
      }),
    )
  })

  it('is found after an editor has changed the ends of lines, and goes last', async () => {
    const proposed = await proposedBy(prepared())
    const body = markedDescription({ description: 'Why:\n\n- it', proposed }).replaceAll('\n', '\r\n')
    expect(readDescription(`${body}\r\n`)).toEqual({ description: 'Why:\r\n\r\n- it', proposed })
    expect(readDescription(`${body}\r\nMore.`).proposed).toBeUndefined()
  })

  it('takes no more than its length', async () => {
    const description = 'x'.repeat(100)
    const body = markedDescription({ description, proposed: await proposedBy(prepared()) })
    expect(body.length - description.length).toBeLessThanOrEqual(markerLength)
  })

  it('is looked for in no time, though a text is made for it', () => {
    const texts = [
      '\n'.repeat(65_000),
      '<!-- lg title='.repeat(4_000),
      `${'\r\n'.repeat(30_000)}<!-- lg title=`,
    ]
    const start = performance.now()
    for (const text of texts) expect(readDescription(text).proposed).toBeUndefined()
    expect(performance.now() - start).toBeLessThan(200)
  })
})

describe('a second proposal', () => {
  const current = { title: 'Make cars faster', description: '', draft: false, milestone: undefined }

  it('changes what nobody else has changed', async () => {
    const proposed = await proposedBy(prepared())
    const plan = await planAgain(
      { ...current, proposed },
      prepared({ title: 'Faster', description: 'Why', milestone: 'v1' }),
    )
    expect(plan).toMatchObject({ title: 'Faster', description: 'Why', milestone: 'v1', warnings: [] })
  })

  it('keeps what others have changed, and says so', async () => {
    const proposed = await proposedBy(prepared({ milestone: 'v1', draft: true }))
    const wanted = prepared({ title: 'Faster', description: 'Why', milestone: 'v2', draft: true })
    const now = { title: 'Theirs', description: 'Theirs', draft: false, milestone: undefined, proposed }
    const plan = await planAgain(now, wanted)
    expect(plan).toMatchObject({
      title: undefined,
      description: undefined,
      draft: undefined,
      milestone: undefined,
    })
    expect(plan.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'KEPT title',
      'KEPT description',
      'KEPT draft',
      'KEPT milestone',
    ])
  })

  it('takes over what others have set to what is wanted', async () => {
    const proposed = await proposedBy(prepared())
    const plan = await planAgain({ ...current, title: 'Faster', proposed }, prepared({ title: 'Faster' }))
    expect(plan).toMatchObject({ title: undefined, warnings: [] })
    const next = await planAgain(
      { ...current, title: 'Faster', proposed: plan.proposed },
      prepared({ title: 'Fastest' }),
    )
    expect(next).toMatchObject({ title: 'Fastest', warnings: [] })
  })

  it('without a marker only fills what is empty', async () => {
    const wanted = prepared({ title: 'Faster', description: 'Why', milestone: 'v1' })
    const plan = await planAgain({ ...current, proposed: undefined }, wanted)
    expect(plan).toMatchObject({ title: undefined, description: 'Why', milestone: 'v1' })
    expect(plan.warnings.map(({ field }) => field)).toEqual(['title'])
  })
})

describe('the topic of a comment', () => {
  it('comes back with the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), (text, topic) => {
        const body = text.replace(/[\r\n]+$/, '')
        expect(readTopic(withTopic({ body, topic }))).toEqual({ body, topic })
      }),
    )
  })

  it('is none where there is none', () => {
    for (const body of [
      '',
      'text',
      '<!-- lg topic= -->',
      '<!-- lg topic=%ff -->',
      '<!-- lg topic=a --> more',
    ]) {
      expect(readTopic(body)).toEqual({ body })
    }
  })
})
