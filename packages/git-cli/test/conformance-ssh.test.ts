import { gitConformance } from '@lg/git/testing'
import { createHarness, overSshAgent, overSshKey } from './harness.ts'

gitConformance({
  name: 'git-cli over SSH with a key file',
  createHarness: () => createHarness(overSshKey),
  groups: ['remote', 'push'],
})

gitConformance({
  name: 'git-cli over SSH with a key that has a passphrase',
  createHarness: () => createHarness((root) => overSshKey(root, 'open "s3same"')),
  groups: ['push'],
})

gitConformance({
  name: 'git-cli over SSH with an agent',
  createHarness: () => createHarness(overSshAgent),
  groups: ['remote'],
})
