import { createGitCli } from '@lg/git-cli'
import { gitConformance } from '@lg/git/testing'
import { createGitHarness, serveSshAgent, serveSshKey } from '@lg/test-kit/testing'

const git = createGitCli()

gitConformance({
  name: 'git-cli over SSH with a key file',
  createHarness: () => createGitHarness(git, serveSshKey),
  groups: ['remote', 'push'],
})

gitConformance({
  name: 'git-cli over SSH with a key that has a passphrase',
  createHarness: () => createGitHarness(git, (root) => serveSshKey(root, 'open "s3same"')),
  groups: ['push'],
})

gitConformance({
  name: 'git-cli over SSH with an agent',
  createHarness: () => createGitHarness(git, serveSshAgent),
  groups: ['remote'],
})
