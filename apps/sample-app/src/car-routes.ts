import { typeMeta, type Random } from '@lg/runtime'
import {
  carKind,
  checkObjectName,
  driveOn,
  findCar,
  jsonAnswer,
  type Car,
  type CarRequest,
  type SampleRoutes,
} from '@lg/sample-api'
import type { Storage } from '@lg/storage'

/** `GET` shows a car, `POST` makes one, `PUT` drives one on: `/plain/:name`. */
export function addCarRoutes(app: SampleRoutes, storage: Storage, random: Random): void {
  app.get('/plain/:name', async ({ req }) => jsonAnswer(await storage.get(await findCar(storage, req))))

  app.post('/plain/:name', async ({ req }) => {
    const car = {
      ...typeMeta(carKind),
      metadata: nameOf(req),
      spec: { engine: 'The best one', yearModel: '2008', brand: 'SAAB' },
    } as Car
    await storage.create(car)
    // As it is stored: with the time of its creation.
    return jsonAnswer(await storage.get(storage.keyOf(car)), 201)
  })

  app.put('/plain/:name', async ({ req }) => {
    const { object: car, version } = await storage.read<Car>(await findCar(storage, req))
    driveOn(car, random)
    await storage.update(car, { expected: version })
    return jsonAnswer(car)
  })
}

function nameOf(request: CarRequest): { readonly namespace: string; readonly name: string } {
  return {
    name: checkObjectName(request.param('name')),
    namespace: checkObjectName(request.query('namespace') ?? 'default', 'namespace'),
  }
}
