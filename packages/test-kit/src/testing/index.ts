export { createGitHarness, serveFiles, serveHttp, serveSshAgent, serveSshKey } from './git-harness.ts'
export type { GitTransport } from './git-harness.ts'
