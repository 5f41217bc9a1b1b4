import { defineErrors, formatName, type ErrorFamily, type ObjectKey } from '@lg/runtime'
import type { ReadStorage } from '@lg/storage'
import { carKind } from '../car.ts'
import { checkObjectName } from './object-name.ts'

interface FindErrors {
  NOT_FOUND: { readonly name: string }
  AMBIGUOUS_FIND: { readonly keys: readonly ObjectKey[] }
}

const findErrors: ErrorFamily<FindErrors> = defineErrors()

/** What a request says of a car: its name in the path, and its namespace where several are called so. */
export interface CarRequest {
  param(name: 'name'): string
  query(name: 'namespace'): string | undefined
}

/**
 * The key of the car that a request is about.
 *
 * @throws HTTP 400 for what is no name, 404 for an unknown car, 409 when the namespace is needed too.
 */
export async function findCar(storage: ReadStorage, request: CarRequest): Promise<ObjectKey> {
  const name = checkObjectName(request.param('name'))
  const namespace = request.query('namespace')
  if (namespace !== undefined) checkObjectName(namespace, 'namespace')
  const cars = await storage.listMeta(carKind, {
    namespace,
    filter: ({ metadata }) => metadata.name === name,
  })
  const keys = cars.map((car) => storage.keyOf(car))
  const [key] = keys
  if (key === undefined) throw findErrors.create('NOT_FOUND', `No car is called "${name}"`, { name })
  if (keys.length === 1) return key
  const names = keys.map(formatName).join(', ')
  throw findErrors.create('AMBIGUOUS_FIND', `Several cars are called so: ${names}; say ?namespace=`, { keys })
}
