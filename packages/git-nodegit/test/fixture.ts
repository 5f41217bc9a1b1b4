import { createNodeGit } from '@lg/git-nodegit'
import type { NodeGitOptions } from '@lg/git-nodegit'
import { createOpener } from '@lg/git-tests'
import type { Opener } from '@lg/git-tests'
import { folder } from './build.ts'

export { commit, createCars, createFolder, failure, write } from '@lg/git-tests'

/** A store of the cars on libgit2, closed after the test. */
export const openCars: Opener<NodeGitOptions> = createOpener((options) =>
  createNodeGit({ module: folder, ...options }),
)
