import { pullRequestConformance } from '@lg/pull-request/testing'
import { createHarness } from './world.ts'

pullRequestConformance({ name: 'Azure DevOps', create: createHarness })
