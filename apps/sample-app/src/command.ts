import { commonFlags, parsePort, type Flag, type SampleCommand } from '@lg/sample-api'
import { resolve } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { startSampleApp, type Config } from './sample-app.ts'

const flags: typeof commonFlags & { readonly 'data-dir': Flag } = {
  'data-dir': { value: '<folder>', help: 'where the cars are kept', default: 'manifest' },
  ...commonFlags,
}

export const sampleApp: SampleCommand<typeof flags, Config> = {
  name: 'sample-app',
  version: packageJson.version,
  summary: 'Serves cars from a directory.',
  flags,
  configure: (values) => ({
    dataDir: resolve(String(values['data-dir'])),
    host: String(values.host),
    port: parsePort(String(values.port)),
  }),
  start: startSampleApp,
}
