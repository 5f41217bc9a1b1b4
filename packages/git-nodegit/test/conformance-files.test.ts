import { gitConformance } from '@lg/git/testing'
import { describe } from 'vitest'
import { createNodeGit } from '@lg/git-nodegit'
import { createGitHarness, serveFiles } from '@lg/test-kit/testing'
import { folder, isBuilt } from './build.ts'
import { noHooks } from './waivers.ts'

describe.skipIf(!isBuilt)('with nodegit', () => {
  gitConformance({
    name: 'git-nodegit over files',
    createHarness: () => createGitHarness(createNodeGit({ module: folder }), serveFiles),
    waivers: [noHooks],
  })
})
