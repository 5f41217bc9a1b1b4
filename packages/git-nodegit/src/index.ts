export { createNodeGit } from './create-node-git.ts'
export type { NodeGitOptions, NodeGitTimeouts } from './options.ts'
