import { systemRandom, type Logger } from '@lg/runtime'
import { createSampleScheme, logChanges, startSampleServer, type RunningSample } from '@lg/sample-api'
import { createSerializer } from '@lg/serializer'
import { createManifestStorage } from '@lg/storage-watch'
import { addCarRoutes } from './car-routes.ts'

export interface Config {
  readonly watchDir: string
  readonly host: string
  readonly port: number
}

/** A watched directory, its events in the log, and HTTP in front. */
export async function startSampleWatch(
  { watchDir, host, port }: Config,
  logger: Logger,
  signal: AbortSignal,
): Promise<RunningSample> {
  const storage = createManifestStorage({
    dir: watchDir,
    createDirectory: true,
    serializer: createSerializer({ scheme: createSampleScheme() }),
  })
  try {
    await storage.start({ signal })
    logChanges(storage, logger, { all: true })
    const server = await startSampleServer({
      host,
      port,
      logger,
      routes: (app) => addCarRoutes(app, storage, systemRandom),
    })
    return { url: server.url, close: () => server.close().then(() => storage.close()) }
  } catch (error) {
    await storage.close()
    throw error
  }
}
