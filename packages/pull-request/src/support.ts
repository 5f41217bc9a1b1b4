import type { PullRequestCapabilities } from './capabilities.ts'
import type { IgnoredField } from './pull-request.ts'
import type { AutoMerge, OptionalField } from './spec.ts'

/** The decorations of a spec or an update, as far as they are values. */
export interface Decorations {
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
  readonly reviewers: readonly string[]
  readonly teamReviewers: readonly string[]
  readonly milestone: string | undefined
  readonly draft: boolean | undefined
  readonly autoMerge: AutoMerge | undefined
}

/** Parts what a host can do from what it cannot. Pure. */
export function splitSupported(
  wanted: Decorations,
  capabilities: PullRequestCapabilities,
): { readonly supported: Decorations; readonly ignored: readonly IgnoredField[] } {
  const ignored: IgnoredField[] = []
  const drop = (field: OptionalField, values: readonly string[], reason: string): void =>
    void ignored.push({ field, values, reason })

  const list = (field: OptionalField, values: readonly string[], limit: number): readonly string[] => {
    const rest = values.slice(limit)
    if (rest.length > 0)
      drop(field, rest, limit === 0 ? `there are no ${field} here` : `at most ${limit} ${field} here`)
    return values.slice(0, limit)
  }
  const value = <T>(
    field: OptionalField,
    given: T | undefined,
    can: boolean,
    values: readonly string[],
  ): T | undefined => {
    if (given === undefined || can) return given
    drop(field, values, `there is no ${field} here`)
    return undefined
  }

  const { autoMerge, draft, milestone } = wanted
  const unlimited = (can: unknown): number => (can ? Infinity : 0)
  const supported: Decorations = {
    labels: list('labels', wanted.labels, unlimited(capabilities.labels)),
    assignees: list('assignees', wanted.assignees, capabilities.assignees),
    reviewers: list('reviewers', wanted.reviewers, capabilities.reviewers),
    teamReviewers: list('teamReviewers', wanted.teamReviewers, unlimited(capabilities.teamReviewers)),
    milestone: value(
      'milestone',
      milestone,
      capabilities.milestone,
      milestone === undefined ? [] : [milestone],
    ),
    // Ready for review is what a host without drafts does anyway.
    draft: value('draft', draft, capabilities.draft || draft === false, []),
    autoMerge: value('autoMerge', autoMerge, canAutoMerge(autoMerge, capabilities), []),
  }
  return { supported, ignored }
}

function canAutoMerge(
  wanted: AutoMerge | undefined,
  { autoMerge, mergeMethods }: PullRequestCapabilities,
): boolean {
  return autoMerge && (wanted?.method === undefined || mergeMethods.includes(wanted.method))
}
