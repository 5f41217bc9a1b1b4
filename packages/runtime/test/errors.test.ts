import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { defineErrors, isLgError, type ErrorFamily } from '../src/index.ts'

interface GardenErrors {
  WILTED: { readonly plant: string }
  FROZEN: { readonly degrees: number }
}
const gardenErrors: ErrorFamily<GardenErrors> = defineErrors()

describe('an error family', () => {
  it('creates errors with code, details, message and cause', () => {
    const cause = new Error('no water')
    const error = gardenErrors.create('WILTED', 'The rose wilted', { plant: 'rose' }, { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'LgError', code: 'WILTED', message: 'The rose wilted', cause })
    expect(error.details).toEqual({ plant: 'rose' })
  })

  it('narrows to the details of a code', () => {
    const error: unknown = gardenErrors.create('FROZEN', 'Too cold', { degrees: -4 })
    expect(gardenErrors.is(error, 'WILTED')).toBe(false)
    if (!gardenErrors.is(error, 'FROZEN')) throw error
    expectTypeOf(error.details).toEqualTypeOf<{ readonly degrees: number }>()
    expect(error.details.degrees).toBe(-4)
  })
})

describe('isLgError', () => {
  it('recognises errors of another copy of the package', async () => {
    vi.resetModules()
    const other = await import('../src/errors.ts')
    const foreign = other.defineErrors<GardenErrors>().create('WILTED', 'x', { plant: 'y' })
    expect(foreign.constructor).not.toBe(gardenErrors.create('WILTED', 'x', { plant: 'y' }).constructor)
    expect(isLgError(foreign, 'WILTED')).toBe(true)
  })

  it.each([undefined, null, 'WILTED', { code: 'WILTED' }, new Error('WILTED')])('refuses %s', (value) => {
    expect(isLgError(value)).toBe(false)
    expect(isLgError(value, 'WILTED')).toBe(false)
  })
})
