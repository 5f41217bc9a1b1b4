import { systemRandom, type Logger } from '@lg/runtime'
import { createSampleScheme, sampleGroup, startSampleServer, type RunningSample } from '@lg/sample-api'
import { createSerializer } from '@lg/serializer'
import { createStorage } from '@lg/storage'
import { createDirectoryRawStorage } from '@lg/storage-raw'
import { addCarRoutes } from './car-routes.ts'

export interface Config {
  readonly dataDir: string
  readonly host: string
  readonly port: number
}

/** A directory, a storage on it, and HTTP in front. */
export async function startSampleApp(
  { dataDir, host, port }: Config,
  logger: Logger,
): Promise<RunningSample> {
  const storage = createStorage({
    raw: createDirectoryRawStorage({ dir: dataDir, group: sampleGroup }),
    serializer: createSerializer({ scheme: createSampleScheme() }),
    creationTimestamp: true,
    logger,
  })
  const server = await startSampleServer({
    host,
    port,
    logger,
    routes: (app) => addCarRoutes(app, storage, systemRandom),
  })
  return { url: server.url, close: () => server.close().then(() => storage.close()) }
}
