export { createGitCli } from './create-git-cli.ts'
export type { GitCliOptions, GitTimeouts } from './options.ts'
