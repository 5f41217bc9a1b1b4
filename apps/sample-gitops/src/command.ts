import type { SampleCommand } from '@lg/sample-api'
import packageJson from '../package.json' with { type: 'json' }
import { readConfig, type Config } from './config.ts'
import { environmentHelp, flags, summary } from './flags.ts'
import { startSampleGitOps } from './sample-gitops.ts'

export const sampleGitOps: SampleCommand<typeof flags, Config> = {
  name: 'sample-gitops',
  version: packageJson.version,
  summary,
  flags,
  notes: `\n${environmentHelp}`,
  configure: readConfig,
  start: (config, logger, signal) => startSampleGitOps(config, logger, { signal }),
}
