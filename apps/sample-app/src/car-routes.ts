import { typeMeta, type Random } from '@lg/runtime'
import { carKind, checkObjectName, driveOn, jsonAnswer, type Car, type SampleRoutes } from '@lg/sample-api'
import type { Client } from '@lg/storage'

/** `GET` shows a car, `POST` makes one, `PUT` drives one on: `/plain/:name`. */
export function addCarRoutes(app: SampleRoutes, cars: Client<Car>, random: Random): void {
  app.get('/plain/:name', async ({ req }) => jsonAnswer(await cars.get(nameOf(req))))

  app.post('/plain/:name', async ({ req }) => {
    const car = {
      ...typeMeta(carKind),
      metadata: nameOf(req),
      spec: { engine: 'The best one', yearModel: '2008', brand: 'SAAB' },
    } as Car
    await cars.create(car)
    return jsonAnswer(car, 201)
  })

  app.put('/plain/:name', async ({ req }) => {
    const { object: car, version } = await cars.read(nameOf(req))
    driveOn(car, random)
    await cars.update(car, { expected: version })
    return jsonAnswer(car)
  })
}

interface CarRequest {
  param(name: 'name'): string
  query(name: 'namespace'): string | undefined
}

function nameOf(request: CarRequest): { readonly namespace: string; readonly name: string } {
  return {
    name: checkObjectName(request.param('name')),
    namespace: checkObjectName(request.query('namespace') ?? 'default', 'namespace'),
  }
}
