import { isLgError, type KubernetesObject } from '@lg/runtime'
import { allOf, anyOf, filterErrors, fieldSelector, labelSelector, not, parseLabelSelector } from '@lg/filter'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const labelled = (labels: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Car',
  metadata: { name: 'foo', labels },
})
const thrown = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

describe('label selectors', () => {
  it.each([
    ['', {}, true],
    ['a=b', { a: 'b' }, true],
    ['a=b', { a: 'c' }, false],
    ['a=b', {}, false],
    ['a==b', { a: 'b' }, true],
    ['a=', { a: '' }, true],
    ['a=', { a: 'b' }, false],
    ['a!=b', { a: 'c' }, true],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['e in (x,y)', { e: 'y' }, true],
    ['e in (x,y)', { e: 'z' }, false],
    ['e in (x)', {}, false],
    ['e notin ( x , y )', { e: 'z' }, true],
    ['e notin (x,y)', {}, true],
    ['e notin (x,y)', { e: 'x' }, false],
    ['e in ()', { e: '' }, true],
    ['e in ( )', { e: 'x' }, false],
    ['e in (x,)', { e: '' }, true],
    ['e notin (, x)', { e: '' }, false],
    ['e in (x,,y)', { e: 'y' }, true],
    ['a in (x,y,notin, z,in)', { a: 'notin' }, true],
    [
      '\r0.1.2.domain/99 notin\n(10.10.100.1, tick.tack.clock)',
      { '0.1.2.domain/99': 'tick.tack.clock' },
      false,
    ],
    ['x= ,z= ', { x: '', z: '' }, true],
    ['f', { f: '' }, true],
    ['f', {}, false],
    ['!f', {}, true],
    ['! f', { f: '1' }, false],
    ['n>9', { n: '10' }, true],
    ['n<9', { n: '10' }, false],
    ['n>1', { n: 'many' }, false],
    ['n > 9007199254740992', { n: '9007199254740993' }, true],
    ['a=b,c!=d,e in (x,y),!f', { a: 'b', e: 'x' }, true],
    ['a=b,c!=d,e in (x,y),!f', { a: 'b', e: 'x', f: '1' }, false],
    ['in=b', { in: 'b' }, true],
    ['in in (in)', { in: 'in' }, true],
    ['example.org/part-of = web', { 'example.org/part-of': 'web' }, true],
    ['constructor', {}, false],
    ['!__proto__', {}, true],
    ['constructor=x', { constructor: 'x' }, true],
  ] as const)('%j of %j is %j', (selector, labels, expected) => {
    expect(labelSelector(selector)(labelled(labels as unknown as Record<string, string>))).toBe(expected)
  })

  it.each([
    ['a=b,', 4],
    [',a', 0],
    ['a=b c=d', 4],
    ['a in x', 5],
    ['a in (x', 7],
    ['x=a||y=b', 6],
    ['x==a==b', 4],
    ['!x=a', 2],
    ['x<a', 2],
    ['x nott in (y)', 2],
    ['a in (xyz),', 11],
    ['a in (xyz)b notin ()', 10],
    ['a in (xyz abc)', 10],
    ['a notin(', 8],
    ['(', 0],
    ['a ! b', 2],
    ['a>b', 2],
    ['a=(b)', 2],
    ['!', 1],
  ])('%j is refused at position %i', (selector, position) => {
    const error = thrown(() => labelSelector(selector))
    expect(filterErrors.is(error, 'INVALID_FILTER') && error.details.position).toBe(position)
  })

  it('reads the form that manifests hold', () => {
    const filter = labelSelector({
      matchLabels: { a: 'b' },
      matchExpressions: [
        { key: 'e', operator: 'In', values: ['x', 'y'] },
        { key: 'n', operator: 'NotIn', values: ['z'] },
        { key: 'h', operator: 'Exists' },
        { key: 'f', operator: 'DoesNotExist' },
      ],
    })
    expect(filter(labelled({ a: 'b', e: 'x', h: '' }))).toBe(true)
    expect(filter(labelled({ a: 'b', e: 'x', h: '', n: 'z' }))).toBe(false)
  })

  it.each([
    { matchExpressions: [{ key: 'e', operator: 'In' }] },
    { matchExpressions: [{ key: 'e', operator: 'Exists', values: ['x'] }] },
    { matchExpressions: [{ key: 'e', operator: 'is' }] },
    { matchExpressions: [{ key: 'e', operator: 'In', values: 'x' }] },
    { matchExpressions: [{ operator: 'Exists' }] },
    { matchExpressions: ['e'] },
    { matchExpressions: {} },
    { matchLabels: { a: 1 } },
    { matchLabels: 'a=b' },
    { matchLabel: { a: 'b' } },
    5,
    null,
    [],
  ])('refuses %j instead of keeping all', (selector) => {
    expect(
      isLgError(
        thrown(() => labelSelector(selector as unknown as string)),
        'INVALID_FILTER',
      ),
    ).toBe(true)
  })

  it('says the same for equal conditions in any spelling and order', () => {
    const word = fc
      .stringMatching(/^[a-z][a-z0-9.]{0,5}$/)
      .filter((text) => text !== 'in' && text !== 'notin')
    fc.assert(
      fc.property(
        fc.dictionary(word, word),
        fc.array(fc.tuple(word, word), { maxLength: 4 }),
        (labels, pairs) => {
          const object = labelled(labels)
          const expected = pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
          expect(labelSelector(pairs.map(([key, value]) => `${key}=${value}`).join(','))(object)).toBe(
            expected,
          )
          const other = pairs.toReversed().map(([key, value]) => ` ${key}  in ( ${value} ) `)
          expect(labelSelector(other.join(','))(object)).toBe(expected)
        },
      ),
    )
  })

  it('never fails with anything but INVALID_FILTER', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'in', ' ', '=', '!', '(', ')', ',', '<', '>', '1', '_') }),
        (text) => {
          const error = thrown(() => void parseLabelSelector(text))
          expect(error === undefined || isLgError(error, 'INVALID_FILTER')).toBe(true)
        },
      ),
    )
  })
})

describe('field selectors', () => {
  const car = { ...labelled(), spec: { brand: 'Volvo', doors: 4, fast: true } }
  it.each([
    ['spec.brand=Volvo', true],
    ['spec.brand!=Volvo', false],
    ['spec.doors==4,spec.fast=true', true],
    ['spec.gone=', true],
    ['spec.gone!=x', true],
    ['metadata.name=foo,spec.brand=Saab', false],
    ['spec.constructor.name!=Object', true],
  ])('%j is %j', (selector, expected) => {
    expect(fieldSelector(selector)(car)).toBe(expected)
  })

  it('knows when metadata is enough', () => {
    expect(fieldSelector('metadata.name=foo').reads).toBe('metadata')
    expect(fieldSelector('metadata.name=foo,spec.a=b').reads).toBeUndefined()
  })

  it.each(['spec.brand', '=x', 'spec..x=1', 'a=b,'])('%j is refused', (selector) => {
    expect(
      isLgError(
        thrown(() => fieldSelector(selector)),
        'INVALID_FILTER',
      ),
    ).toBe(true)
  })
})

describe('and, or, not', () => {
  const red = labelSelector('color=red')
  const fast = fieldSelector('spec.fast=true')
  it('combine as in logic', () => {
    const object = { ...labelled({ color: 'red' }), spec: { fast: false } }
    expect(allOf(red, fast)(object)).toBe(false)
    expect(anyOf(red, fast)(object)).toBe(true)
    expect(not(fast)(object)).toBe(true)
    expect(allOf()(object)).toBe(true)
    expect(anyOf()(object)).toBe(false)
  })
  it('need no more than their parts', () => {
    expect(allOf(red, not(red)).reads).toBe('metadata')
    expect(anyOf(red, fast).reads).toBeUndefined()
  })
})
