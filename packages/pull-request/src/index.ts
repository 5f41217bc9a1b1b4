export type { PullRequestBranches, PullRequestProvider } from './provider.ts'
export type { AutoMerge, ListChange, OptionalField, PullRequestSpec, PullRequestUpdate } from './spec.ts'
export type {
  IgnoredField,
  PullRequest,
  PullRequestList,
  PullRequestLocator,
  PullRequestQuery,
  PullRequestResult,
  PullRequestState,
  PullRequestWarning,
} from './pull-request.ts'
export type {
  Check,
  Checks,
  CheckState,
  Mergeability,
  MergeBlocker,
  MergeBlockReason,
  MergeMethod,
  MergeRequest,
  MergeResult,
} from './merge.ts'
export type { Comment, CommentResult, NewComment } from './comment.ts'
export type { FileDiff, PullRequestDiff } from './diff.ts'
export type { PullRequestCapabilities } from './capabilities.ts'
export { formatRepository, pullRequestErrors } from './errors.ts'
export type {
  ErrorPlace,
  PullRequestErrorCode,
  PullRequestErrors,
  PullRequestStep,
  SpecFault,
} from './errors.ts'
export { createPullRequestError } from './failure.ts'
export { hostOf } from './host-of.ts'
export type { HostKind, HostOfOptions, HostSetting } from './host-of.ts'
export { providerFor } from './provider-for.ts'
export type { ChosenHost, ProviderFactory, ProviderForOptions } from './provider-for.ts'
export { isSameRepository } from './same-repository.ts'
export { placeOf, prepareSpec, requireFeature } from './prepare-spec.ts'
export type { PreparedSpec, ProviderTraits } from './prepare-spec.ts'
export { prepareUpdate } from './prepare-update.ts'
export type { PreparedListChange, PreparedUpdate } from './prepare-update.ts'
export { checkBranches, checkComment, checkLocator, checkMergeRequest, checkQuery } from './prepare-call.ts'
