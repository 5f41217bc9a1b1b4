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
export type { ErrorPlace, PullRequestErrorCode, PullRequestErrors, PullRequestStep, SpecFault } from './errors.ts'
