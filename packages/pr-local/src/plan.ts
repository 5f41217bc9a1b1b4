import type { Oid } from '@lg/git'
import type { PreparedListChange, PreparedSpec, PreparedUpdate, PullRequestWarning } from '@lg/pull-request'
import { equalValues } from '@lg/runtime'
import type { PullRequestRecord, Proposed } from './record.ts'

/** What becomes of a record, and why. Plans are values; nothing here has effects. */
export interface RecordPlan {
  readonly record: PullRequestRecord
  readonly warnings: readonly PullRequestWarning[]
}

export interface NewRecord {
  readonly number: number
  readonly id: string
  readonly author: string
  readonly headCommit: Oid
  readonly baseCommit: Oid
  /** ISO 8601. */
  readonly now: string
}

export function planNew(spec: PreparedSpec, start: NewRecord): PullRequestRecord {
  const { title, description = '', draft = false, milestone } = spec
  const { number, id, author, headCommit, baseCommit, now } = start
  return {
    version: 1,
    number,
    id,
    state: 'open',
    title,
    description,
    draft,
    head: spec.head,
    headCommit,
    base: spec.base,
    baseCommit,
    author,
    labels: spec.labels,
    assignees: spec.assignees,
    reviewers: spec.reviewers,
    teamReviewers: spec.teamReviewers,
    milestone,
    createdAt: now,
    updatedAt: now,
    proposed: { title, description, draft, milestone },
    comments: [],
  }
}

/** An open record as the spec wants it, but for what others changed since it was last set. */
export function planAgain(record: PullRequestRecord, spec: PreparedSpec): RecordPlan {
  const warnings: PullRequestWarning[] = []
  const settle = <T>(
    field: keyof Proposed,
    wanted: T | undefined,
    now: T,
    before: T,
  ): { now: T; proposed: T } => {
    if (wanted === undefined) return { now, proposed: before }
    if (wanted === now || now === before) return { now: wanted, proposed: wanted }
    warnings.push({ code: 'KEPT', field, message: `Somebody has changed the ${field} since; theirs stays` })
    return { now, proposed: before }
  }
  const { proposed } = record
  const title = settle('title', spec.title, record.title, proposed.title)
  const description = settle('description', spec.description, record.description, proposed.description)
  const draft = settle('draft', spec.draft, record.draft, proposed.draft)
  const milestone = settle('milestone', spec.milestone, record.milestone, proposed.milestone)
  return {
    warnings,
    record: {
      ...record,
      title: title.now,
      description: description.now,
      draft: draft.now,
      milestone: milestone.now,
      labels: union(record.labels, spec.labels),
      assignees: union(record.assignees, spec.assignees),
      reviewers: union(record.reviewers, spec.reviewers),
      teamReviewers: union(record.teamReviewers, spec.teamReviewers),
      proposed: {
        title: title.proposed,
        description: description.proposed,
        draft: draft.proposed,
        milestone: milestone.proposed,
      },
    },
  }
}

/** True when people see no difference. */
export function looksTheSame(a: PullRequestRecord, b: PullRequestRecord): boolean {
  const unseen = { headCommit: undefined, baseCommit: undefined, updatedAt: undefined, proposed: undefined }
  return equalValues({ ...a, ...unseen }, { ...b, ...unseen })
}

export function planUpdate(record: PullRequestRecord, changes: PreparedUpdate): PullRequestRecord {
  const { title, description, draft, milestone, base } = changes
  return {
    ...record,
    title: title ?? record.title,
    description: description ?? record.description,
    draft: draft ?? record.draft,
    base: base ?? record.base,
    milestone: milestone === null ? undefined : (milestone ?? record.milestone),
    labels: changed(record.labels, changes.labels),
    assignees: changed(record.assignees, changes.assignees),
    reviewers: changed(record.reviewers, changes.reviewers),
    teamReviewers: changed(record.teamReviewers, changes.teamReviewers),
  }
}

function union(names: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...names, ...more])]
}

function changed(names: readonly string[], { add, remove }: PreparedListChange): readonly string[] {
  return union(
    names.filter((name) => !remove.includes(name)),
    add,
  )
}
