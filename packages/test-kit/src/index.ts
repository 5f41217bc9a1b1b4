export { createBareRepository, openBareRepository } from './bare-repository.ts'
export type { BareRepository, BareRepositoryOptions, CommitRequest, Difference } from './bare-repository.ts'
export type { FileContent, Identity } from './commit-stream.ts'
export { testKitErrors } from './errors.ts'
export type { TestKitErrors } from './errors.ts'
export { createFakeClock } from './fake-clock.ts'
export type { FakeClock } from './fake-clock.ts'
export type { FaultControl, FaultOptions, FaultTarget, GitFault, HttpFault } from './fault.ts'
export { createGitHttpServer } from './git-http-server.ts'
export type { GitHttpServer, GitHttpServerOptions, HttpAccount } from './git-http-server.ts'
export type { RunGitOptions } from './git-command.ts'
export type { ChangedFile, LoggedCommit } from './git-output.ts'
export type { Access, GitService } from './git-service.ts'
export { createGitSshServer } from './git-ssh-server.ts'
export type { GitSshServer, GitSshServerOptions } from './git-ssh-server.ts'
export { createGitSpy } from './git-spy.ts'
export type { GitCall, GitSpy } from './git-spy.ts'
export type { RecordedRequest } from './http-request.ts'
export { listDescendants, watchProcesses } from './processes.ts'
export type { ObservedProcess, WatchedProcesses } from './processes.ts'
export { findProgram } from './programs.ts'
export { createRecordingLogger } from './recording-logger.ts'
export type { LogEntry, RecordingLogger } from './recording-logger.ts'
export type { Recording } from './recording.ts'
export { createSeededRandom } from './seeded-random.ts'
export { createSkippingClock } from './skipping-clock.ts'
export type { SkippingClock } from './skipping-clock.ts'
export { createSshAgent } from './ssh-agent.ts'
export type { SshAgent } from './ssh-agent.ts'
export type { RecordedCommand } from './ssh-exchange.ts'
export { createSshKeyPair } from './ssh-key.ts'
export type { SshKeyPair, SshKeyPairOptions } from './ssh-key.ts'
export type { AuthorizedKey, RecordedLogin } from './ssh-login.ts'
export { createTree } from './tree.ts'
export type { Tree } from './tree.ts'
export type { CheckExchange, HostAnswer, HostExchange, HostRequest } from './hosts/exchange.ts'
export type { FakeHost, FakeHostOptions, NewFakeRepository } from './hosts/fake-host.ts'
export { createFakeAzureDevOps } from './hosts/azure-devops/create-fake-azure-devops.ts'
export type {
  FakeAzureDevOps,
  FakeAzureDevOpsOptions,
} from './hosts/azure-devops/create-fake-azure-devops.ts'
export { createFakeGitHub } from './hosts/github/create-fake-github.ts'
export type { FakeApp, FakeGitHub, FakeGitHubOptions } from './hosts/github/create-fake-github.ts'
export { createFakeGitLab } from './hosts/gitlab/create-fake-gitlab.ts'
export { createFakeGitea } from './hosts/gitea/create-fake-gitea.ts'
export type { FakeGitea, FakeGiteaOptions } from './hosts/gitea/create-fake-gitea.ts'
export type { HostFault, HostFaultOptions } from './hosts/host-fault.ts'
export type { HostFile, HostGit, MergeRequest } from './hosts/host-git.ts'
export type { HostRepository } from './hosts/host-repository.ts'
export type {
  HostCheck,
  HostComment,
  HostLabel,
  HostMilestone,
  HostPull,
  HostSettings,
  HostState,
} from './hosts/host-state.ts'
