import { createGitCli } from '@lg/git-cli'
import type { GitCliOptions } from '@lg/git-cli'
import { createOpener } from '@lg/git-tests'
import type { OpenCars as Request, Opener } from '@lg/git-tests'

export { commit, createCars, createFolder, failure, write } from '@lg/git-tests'

export type OpenCars = Request<GitCliOptions>

/** A store of the cars, closed after the test. */
export const openCars: Opener<GitCliOptions> = createOpener(createGitCli)
