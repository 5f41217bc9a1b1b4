import { gitConformance } from '@lg/git/testing'
import { createHarness, overSshKey } from './harness.ts'

gitConformance({
  name: 'git-cli over SSH with a key file',
  createHarness: () => createHarness(overSshKey),
  groups: ['remote', 'push'],
})
