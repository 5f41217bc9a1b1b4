export { createGitCli } from './create-git-cli.ts'
export { createGpgSigner, createSshSigner } from './sign.ts'
export type { CommitSigner, GpgSignerOptions, SshSignerOptions } from './sign.ts'
export type { GitCliOptions, GitTimeouts } from './options.ts'
