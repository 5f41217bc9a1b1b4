import { formatName, type ObjectKey, type Random } from '@lg/runtime'
import { carKind, driveOn, findCar, jsonAnswer, type Car, type SampleRoutes } from '@lg/sample-api'
import type { GitStorage, PullRequestDetails, TransactionOutcome } from '@lg/storage-git'

export interface CarRoutesOptions {
  readonly storage: GitStorage
  readonly random: Random
  /** How a change is proposed; `undefined`: push the branch and leave it there. */
  readonly pullRequest: PullRequestDetails | undefined
}

/** `GET /git/` lists the cars, `PUT /git/:name` drives one on and proposes that. */
export function addCarRoutes(app: SampleRoutes, { storage, random, pullRequest }: CarRoutesOptions): void {
  app.get('/git/', async ({ req }) => jsonAnswer(await storage.list(carKind, { signal: req.raw.signal })))

  app.put('/git/:name', async ({ req }) => {
    const key = await findCar(storage, req)
    const outcome = await storage.transaction(`${key.name}-update-`, async (tx) => {
      const car = await tx.get<Car>(key)
      driveOn(car, random)
      await tx.update(car)
      const commit = {
        title: 'Update Car speed',
        description: `Sets status.distance and status.speed of ${formatName(key)}.`,
      }
      return pullRequest === undefined ?
          { target: 'branch', ...commit }
        : { target: 'pullRequest', ...commit, ...pullRequest }
    })
    return jsonAnswer(describe(key, outcome), 200)
  })
}

function describe(key: ObjectKey, outcome: TransactionOutcome): unknown {
  const car = { namespace: key.namespace, name: key.name }
  if (outcome.outcome !== 'committed') return { ...car, ...outcome, pullRequest: null }
  const { branch, commit, pullRequest } = outcome
  const { number, url } = pullRequest ?? {}
  return { ...car, branch, commit, pullRequest: pullRequest === undefined ? null : { number, url } }
}
