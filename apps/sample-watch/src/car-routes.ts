import type { Random } from '@lg/runtime'
import { driveOn, findCar, jsonAnswer, type Car, type SampleRoutes } from '@lg/sample-api'
import type { Storage } from '@lg/storage'

/** `GET` shows a car, `PUT` drives one on: `/watch/:name`. */
export function addCarRoutes(app: SampleRoutes, storage: Storage, random: Random): void {
  app.get('/watch/:name', async ({ req }) => jsonAnswer(await storage.get(await findCar(storage, req))))

  app.put('/watch/:name', async ({ req }) => {
    const { object: car, version } = await storage.read<Car>(await findCar(storage, req))
    driveOn(car, random)
    await storage.update(car, { expected: version })
    return jsonAnswer(car)
  })
}
