import { createScheme, isLgError, type KubernetesObject } from '@lg/runtime'
import { describe, expect, it } from 'vitest'
import { createSerializer, serializerErrors, yamlFrameReader, yamlFrameWriter } from '../src/index.ts'
import { carryComments } from '../src/carry-comments.ts'
import { createTestScheme, newCarKind, oldCarKind, simpleKind, type NewCar, type OldCar } from './kinds.ts'

const serializer = createSerializer({ scheme: createTestScheme() })
const converter = serializer.converter()
const read = async <T extends KubernetesObject>(text: string, convertToHub = false): Promise<T> =>
  (await serializer.decoder({ convertToHub }).decodeDocument(text)) as T
const write = async (object: KubernetesObject): Promise<string> =>
  (await serializer.encoder().encodeDocument(object)).text

const oldText = `# the car of foo
apiVersion: shop.example/v1alpha1 # old
kind: Car
metadata:
  name: foo
spec:
  # who made it
  maker: Mercedes   # a fine one
  # four as a rule
  wheels: 4 # at least
`
const newText = `# the car of foo
apiVersion: shop.example/v1 # old
kind: Car
metadata:
  name: foo
spec:
  # who made it
  brand: Mercedes   # a fine one
  chassis:
    # four as a rule
    wheels: 4 # at least
`
const oldCar: OldCar = {
  apiVersion: 'shop.example/v1alpha1',
  kind: 'Car',
  metadata: { name: 'foo' },
  spec: { maker: 'Mercedes', wheels: 4 },
}
const newCar: NewCar = {
  apiVersion: 'shop.example/v1',
  kind: 'Car',
  metadata: { name: 'foo' },
  spec: { brand: 'Mercedes', chassis: { wheels: 4 } },
}

describe('converter', () => {
  it('converts to the hub and back, and leaves its input', () => {
    const before = structuredClone(oldCar)
    expect(converter.convertToHub(oldCar)).toEqual(newCar)
    expect(converter.convert(newCar, 'v1alpha1')).toEqual(oldCar)
    expect(converter.convertInto(oldCar, newCarKind)).toEqual(newCar)
    expect(oldCar).toEqual(before)
  })

  it('returns the object itself when there is nothing to convert', () => {
    expect(converter.convertToHub(newCar)).toBe(newCar)
    expect(converter.convert(oldCar, 'v1alpha1')).toBe(oldCar)
    const simple = {
      apiVersion: 'shop.example/v1alpha1',
      kind: 'Simple',
      metadata: { name: 'a' },
      testString: 'b',
    }
    expect(converter.convertToHub(simple)).toBe(simple)
  })

  it('goes from version to version by way of the hub', () => {
    const scheme = createTestScheme()
    scheme.register({
      ...oldCarKind,
      version: 'v1beta1',
      toHub: (car: OldCar) => ({ ...car, spec: { brand: car.spec.maker.toUpperCase() } }),
      fromHub: (car: NewCar) => ({ ...car, spec: { maker: car.spec.brand.toLowerCase() } }),
    })
    expect(createSerializer({ scheme }).converter().convert(oldCar, 'v1beta1')).toEqual({
      ...oldCar,
      apiVersion: 'shop.example/v1beta1',
      spec: { maker: 'mercedes' },
    })
  })

  it('never defaults', () => {
    const bare = { ...oldCar, spec: { maker: 'Mercedes' } }
    expect(converter.convertToHub(bare)).toEqual({ ...newCar, spec: { brand: 'Mercedes' } })
  })

  const failureOf = (call: () => unknown): unknown => {
    try {
      call()
    } catch (error) {
      if (serializerErrors.is(error, 'CONVERSION_FAILED')) return error.details.reason
      return (error as { code?: unknown }).code
    }
    return 'none'
  }

  it('says why it cannot', () => {
    expect(failureOf(() => converter.convert(oldCar, 'v7'))).toBe('UNRECOGNIZED_VERSION')
    expect(failureOf(() => converter.convertInto(newCar, simpleKind))).toBe('KIND_MISMATCH')
    const broken =
      (toHub: (object: never) => unknown, hub = true) =>
      () => {
        const scheme = createScheme()
        scheme.register({ ...oldCarKind, toHub, fromHub: (object) => object })
        scheme.register({ ...newCarKind, hub })
        return createSerializer({ scheme }).converter().convert(oldCar, 'v1')
      }
    expect(
      failureOf(
        broken(() => {
          throw new Error('no')
        }),
      ),
    ).toBe('threw')
    expect(failureOf(broken(() => 'text'))).toBe('invalidResult')
    expect(failureOf(broken((object) => object, false))).toBe('noHub')
    const alone = createScheme()
    alone.register(newCarKind)
    const { toHub: _, fromHub: __, ...kind } = oldCarKind
    alone.register(kind)
    expect(failureOf(() => createSerializer({ scheme: alone }).converter().convertToHub(oldCar))).toBe(
      'noConversion',
    )
  })
})

describe('a converted object', () => {
  it('takes its comments along to fields that moved', async () => {
    const hub = await read<NewCar>(oldText, true)
    expect(hub).toEqual(newCar)
    const { text, ledger } = await serializer.encoder({ strict: true }).encodeDocument(hub)
    expect(text).toBe(newText)
    expect(ledger).toEqual([])
  })

  it('takes along comments beside keys, in lists and beside texts', () => {
    const inner = `# about a
a: # beside a
- x # beside x
# about z
- z: 1 # beside z
  w: 2
b: | # beside b
  text
c: {d: 1} # beside c
`
    const bare = inner.replaceAll(/^# .*\n| # .*/gm, '')
    const within = (path: string, text: string): string => path + text.replaceAll(/^(?=.)/gm, '    ')
    const stored = within('spec:\n  old: # beside old\n', inner)
    const written = within('spec:\n  fresh:\n', bare)
    const carried = carryComments(stored, written, [{ from: ['spec', 'old'], to: ['spec', 'fresh'] }])
    expect(carried.text).toBe(stored.replace('old:', 'fresh:'))
    expect([...carried.lines].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 9, 11])
  })

  it('takes thousands of comments along in bounded time', () => {
    const keys = Array.from({ length: 3000 }, (_, index) => index)
    const entries = (pad: string, commented: boolean): string =>
      keys
        .map((key) =>
          commented ? `${pad}# about ${key}\n${pad}k${key}: 1 # beside\n` : `${pad}k${key}: 1\n`,
        )
        .join('')
    const stored = `spec:\n  old:\n${entries('    ', true)}`
    const written = `spec:\n  deep:\n    fresh:\n${entries('      ', false)}`
    const carried = carryComments(stored, written, [{ from: ['spec', 'old'], to: ['spec', 'deep', 'fresh'] }])
    expect(carried.text).toBe(`spec:\n  deep:\n    fresh:\n${entries('      ', true)}`)
    expect(carried.lines.size).toBe(6000)
  })

  it('comes back byte for byte', async () => {
    const hub = await read(oldText, true)
    expect(await write(converter.convert(hub, 'v1alpha1'))).toBe(oldText)
  })

  it('is written in another version on request', async () => {
    let text = ''
    const writer = yamlFrameWriter((part) => void (text += part))
    const car = await read(oldText)
    await serializer.encoder().encodeForVersion(writer, car, 'v1')
    expect(text).toBe(newText)
    text = ''
    const copy = structuredClone(car)
    await serializer.encoder().encodeForVersion(
      yamlFrameWriter((part) => void (text += part)),
      copy,
      'v1',
      { from: car },
    )
    expect(text).toBe(newText)
    expect(
      isLgError(
        await serializer
          .encoder()
          .encodeForVersion(writer, car, 'v9')
          .catch((error: unknown) => error),
      ),
    ).toBe(true)
  })

  it('loses no comment of a field that it does not say it moved', async () => {
    const scheme = createScheme()
    const { moved: _, ...silent } = oldCarKind
    scheme.register(silent)
    scheme.register(newCarKind)
    const { decoder, encoder } = createSerializer({ scheme })
    const [hub] = await decoder({ convertToHub: true }).decodeAll(yamlFrameReader(oldText))
    const { text, ledger } = await encoder().encodeDocument(hub!)
    for (const comment of oldText.match(/#.*/g) ?? []) {
      const reported = ledger.some(({ message }) => message.includes(JSON.stringify(comment)))
      expect(text.includes(comment) || reported).toBe(true)
    }
  })
})

describe('defaults', () => {
  const bare = 'apiVersion: shop.example/v1alpha1\nkind: Simple\nmetadata:\n  name: foo\n'
  const lenient = createTestScheme()
  const complex = 'apiVersion: shop.example/v1\nkind: Complex\nmetadata:\n  name: foo\n'
  const box = 'apiVersion: shop.example/v1\nkind: Box\nmetadata:\n  name: foo\nspec: {}\n'
  const decode = (text: string, defaults: boolean): Promise<KubernetesObject> =>
    createSerializer({ scheme: lenient }).decoder({ defaults }).decodeDocument(text)

  it('come from the schema, on request only', async () => {
    expect(await decode(complex, true)).toMatchObject({ integer: 7 })
    expect(await decode(complex, false)).not.toHaveProperty('integer')
    expect(await decode(box, true)).toMatchObject({ spec: { size: 'small' } })
    expect(await decode(box, false)).toMatchObject({ spec: {} })
  })

  it('come from a function, and let a required field be absent in the text', async () => {
    const defaulter = serializer.defaulter()
    const simple = { apiVersion: 'shop.example/v1alpha1', kind: 'Simple', metadata: { name: 'foo' } }
    expect(await defaulter.default(simple)).toEqual({ ...simple, testString: 'a default' })
    expect(simple).not.toHaveProperty('testString')
    await expect(decode(bare, false)).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' })
    expect(await decode(bare, true)).toMatchObject({ testString: 'a default' })
  })

  it('never overwrite a value, null included', async () => {
    const defaulter = serializer.defaulter()
    const simple = {
      apiVersion: 'shop.example/v1alpha1',
      kind: 'Simple',
      metadata: { name: 'foo' },
      testString: null,
    }
    expect(await defaulter.default(simple)).toEqual(simple)
  })

  it('never reach a file, unless they are changed', async () => {
    const { decoder, encoder } = createSerializer({ scheme: lenient })
    const object = (await decoder({ defaults: true }).decodeDocument(complex)) as KubernetesObject & {
      integer: number
    }
    expect(object.integer).toBe(7)
    expect((await encoder().encodeDocument(object)).text).toBe(complex)
    object.integer = 8
    expect((await encoder().encodeDocument(object)).text).toBe(`${complex}integer: 8\n`)
  })

  it('do not come off what the stored text states', async () => {
    const { decoder, encoder } = createSerializer({ scheme: lenient })
    const object = await decoder({ defaults: true }).decodeDocument(complex)
    const stated = `${complex}integer: 7\n`
    expect((await encoder().encodeDocument(object, { source: stated })).text).toBe(stated)
  })

  it('stay out of a file through a conversion too', async () => {
    const scheme = createScheme()
    scheme.register({ ...oldCarKind, defaults: () => ({ spec: { wheels: 4 } }) })
    scheme.register(newCarKind)
    const { decoder, encoder } = createSerializer({ scheme })
    const text =
      'apiVersion: shop.example/v1alpha1\nkind: Car\nmetadata:\n  name: foo\nspec:\n  maker: Mercedes\n'
    const hub = await decoder({ defaults: true, convertToHub: true }).decodeDocument(text)
    expect(hub).toMatchObject({ spec: { chassis: { wheels: 4 } } })
    const written = await encoder().encodeDocument(hub)
    expect(written.text).toBe(text.replace('v1alpha1', 'v1').replace('maker', 'brand'))
  })

  it('are written into a new object', async () => {
    const created = await serializer.defaulter().create(simpleKind, { name: 'foo' })
    expect(await write(created)).toBe(`${bare}testString: a default\n`)
  })

  it('fill several objects', async () => {
    const defaulter = serializer.defaulter()
    const objects = [await read(complex), { ...oldCar }]
    expect(await Promise.all(objects.map((object) => defaulter.default(object)))).toMatchObject([
      { integer: 7 },
      oldCar,
    ])
  })

  it('say which kind they failed for', async () => {
    const scheme = createScheme()
    scheme.register({
      ...simpleKind,
      defaults: () => {
        throw new Error('no')
      },
    })
    const defaulter = createSerializer({ scheme }).defaulter()
    await expect(defaulter.create(simpleKind, { name: 'a' })).rejects.toMatchObject({
      code: 'DEFAULTING_FAILED',
    })
  })
})
