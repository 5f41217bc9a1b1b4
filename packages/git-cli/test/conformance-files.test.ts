import { createGitCli } from '@lg/git-cli'
import { gitConformance } from '@lg/git/testing'
import { createGitHarness, serveFiles } from '@lg/test-kit/testing'

gitConformance({
  name: 'git-cli over files',
  createHarness: () => createGitHarness(createGitCli(), serveFiles),
})
