import { gitConformance } from '@lg/git/testing'
import { createHarness, overHttp } from './harness.ts'

gitConformance({
  name: 'git-cli over HTTP with a token',
  createHarness: () => createHarness(overHttp),
  groups: ['remote', 'push'],
})
