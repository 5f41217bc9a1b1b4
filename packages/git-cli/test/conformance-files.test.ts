import { gitConformance } from '@lg/git/testing'
import { createHarness, overFiles } from './harness.ts'

gitConformance({ name: 'git-cli over files', createHarness: () => createHarness(overFiles) })
