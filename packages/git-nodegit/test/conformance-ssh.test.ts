import { gitConformance } from '@lg/git/testing'
import { createNodeGit } from '@lg/git-nodegit'
import { createGitHarness, serveSshAgent, serveSshKey } from '@lg/test-kit/testing'
import { describe } from 'vitest'
import { folder, isBuilt } from './build.ts'
import { unbornHead } from './waivers.ts'

describe.skipIf(!isBuilt)('with nodegit', () => {
  const git = createNodeGit({ module: folder })
  gitConformance({
    name: 'git-nodegit over SSH with a key file',
    createHarness: () => createGitHarness(git, serveSshKey),
    groups: ['remote', 'push'],
    waivers: [unbornHead],
  })
  gitConformance({
    name: 'git-nodegit over SSH with a key that has a passphrase',
    createHarness: () => createGitHarness(git, (root) => serveSshKey(root, 'open "s3same"')),
    groups: ['push'],
  })
  gitConformance({
    name: 'git-nodegit over SSH with an agent',
    createHarness: () => createGitHarness(git, serveSshAgent),
    groups: ['remote'],
    waivers: [unbornHead],
  })
})
