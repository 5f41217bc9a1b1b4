export { pullRequestConformance } from './conformance.ts'
export type { PullRequestCaseId, PullRequestSubject, PullRequestWaiver } from './conformance.ts'
export type { HarnessCommit, PullRequestHarness } from './harness.ts'
