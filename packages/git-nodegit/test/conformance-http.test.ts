import { gitConformance } from '@lg/git/testing'
import { createNodeGit } from '@lg/git-nodegit'
import { createGitHarness, serveHttp } from '@lg/test-kit/testing'
import { describe } from 'vitest'
import { folder, isBuilt } from './build.ts'
import { unbornHead } from './waivers.ts'

describe.skipIf(!isBuilt)('with nodegit', () => {
  gitConformance({
    name: 'git-nodegit over HTTP with a token',
    createHarness: () => createGitHarness(createNodeGit({ module: folder }), serveHttp),
    groups: ['remote', 'push'],
    waivers: [unbornHead],
  })
})
