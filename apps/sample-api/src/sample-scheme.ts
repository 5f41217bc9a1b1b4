import { createScheme, type Scheme } from '@lg/runtime'
import { carKind } from './car.ts'
import { motorcycleKind } from './motorcycle.ts'

/** A scheme with the kinds of the samples. */
export function createSampleScheme(): Scheme {
  const scheme = createScheme()
  scheme.register(carKind)
  scheme.register(motorcycleKind)
  return scheme
}
