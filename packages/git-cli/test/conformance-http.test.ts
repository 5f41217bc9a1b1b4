import { createGitCli } from '@lg/git-cli'
import { gitConformance } from '@lg/git/testing'
import { createGitHarness, serveHttp } from '@lg/test-kit/testing'

gitConformance({
  name: 'git-cli over HTTP with a token',
  createHarness: () => createGitHarness(createGitCli(), serveHttp),
  groups: ['remote', 'push'],
})
