export { gitConformance } from './git-conformance.ts'
export type { GitCaseGroup, GitConformance, Waiver } from './git-conformance.ts'
export type { FileOnDisk, GitHarness, GitRemoteHarness, RemoteObserver } from './harness.ts'
