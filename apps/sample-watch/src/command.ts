import { commonFlags, parsePort, type Flag, type SampleCommand } from '@lg/sample-api'
import { resolve } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { startSampleWatch, type Config } from './sample-watch.ts'

const flags: typeof commonFlags & { readonly 'watch-dir': Flag } = {
  'watch-dir': {
    value: '<folder>',
    help: 'the directory to watch; made when it is missing',
    default: 'watch',
  },
  ...commonFlags,
}

export const sampleWatch: SampleCommand<typeof flags, Config> = {
  name: 'sample-watch',
  version: packageJson.version,
  summary: 'Watches a directory, logs every event, and serves the cars in it.',
  flags,
  configure: (values) => ({
    watchDir: resolve(String(values['watch-dir'])),
    host: String(values.host),
    port: parsePort(String(values.port)),
  }),
  start: startSampleWatch,
}
