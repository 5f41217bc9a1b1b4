import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostCheck, HostComment, HostLabel, HostMilestone, HostPull } from '../host-state.ts'

/** Objects as GitLab sends them: of each, the fields that clients read. */

const isoTime = (time: number): string => new Date(time).toISOString()

export function userShape(login: string, { url, users }: HostContext): Record<string, unknown> {
  return {
    id: users.indexOf(login) + 1,
    username: login,
    name: login,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: `${url}/${login}`,
  }
}

export function projectShape(
  { id, name, fullName, settings }: HostRepository,
  { url }: HostContext,
): Record<string, unknown> {
  const methods = settings.mergeMethods
  const commits = methods.filter((method) => method !== 'squash')
  return {
    id,
    name,
    path: name,
    path_with_namespace: fullName,
    default_branch: 'main',
    archived: settings.archived,
    web_url: `${url}/${fullName}`,
    http_url_to_repo: `${url}/${fullName}.git`,
    merge_method: methods.includes('fast-forward') ? 'ff' : 'merge',
    squash_option:
      !methods.includes('squash') ? 'never'
      : commits.length === 0 ? 'always'
      : 'default_off',
  }
}

export function labelShape({ id, name, color }: HostLabel): Record<string, unknown> {
  return {
    id,
    name,
    color: color.startsWith('#') ? color : `#${color}`,
    description: null,
    text_color: '#FFFFFF',
    subscribed: false,
    priority: null,
    is_project_label: true,
  }
}

export function milestoneShape(
  { number, title, state, inherited = false }: HostMilestone,
  { id, fullName }: HostRepository,
  { url }: HostContext,
): Record<string, unknown> {
  return {
    id: number,
    iid: 1,
    ...(!inherited && { project_id: id }),
    title,
    description: '',
    state: state === 'open' ? 'active' : 'closed',
    created_at: '2024-01-01T00:00:00.000Z',
    updated_at: '2024-01-01T00:00:00.000Z',
    due_date: null,
    start_date: null,
    expired: false,
    web_url: `${url}/${fullName}/-/milestones/1`,
  }
}

export function noteShape(
  { id, pull, author, body, createdAt, updatedAt }: HostComment,
  repository: HostRepository,
  context: HostContext,
): Record<string, unknown> {
  return {
    id,
    body,
    author: userShape(author, context),
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt),
    system: false,
    noteable_id: pull,
    noteable_type: 'MergeRequest',
    noteable_iid: pull,
    project_id: repository.id,
    resolvable: false,
    confidential: false,
    internal: false,
  }
}

export function branchShape(name: string, commit: string): Record<string, unknown> {
  return {
    name,
    commit: { id: commit, short_id: commit.slice(0, 8), title: 'A commit' },
    merged: false,
    protected: false,
    default: name === 'main',
    can_push: true,
  }
}

const statuses: Readonly<Record<HostCheck['state'], string>> = {
  pending: 'running',
  success: 'success',
  failure: 'failed',
  neutral: 'skipped',
}

export function statusShape(
  { commit, name, state, description }: HostCheck,
  id: number,
  context: HostContext,
): Record<string, unknown> {
  return {
    id,
    sha: commit,
    ref: 'change',
    status: statuses[state],
    name,
    target_url: `${context.url}/jobs/${id}`,
    ...(description !== undefined && { description }),
    created_at: '2024-01-01T00:00:00.000Z',
    allow_failure: false,
    pipeline_id: 1,
    author: userShape(context.login, context),
  }
}

/** A check of the kind `run` is a pipeline that has no job. */
function pipelineShape(commit: string, { state }: HostRepository, { url }: HostContext): unknown {
  const own = state.checks.filter((check) => check.commit === commit)
  const [bare] = own.filter(({ kind }) => kind === 'run')
  if (own.length === 0) return null
  const [id, status] = [bare === undefined ? 1 : 2, statuses[bare?.state ?? 'success']]
  return { id, sha: commit, ref: 'change', status, source: 'push', web_url: `${url}/pipelines/${id}` }
}

/** As lists have it. */
export function pullShape(
  pull: HostPull,
  repository: HostRepository,
  context: HostContext,
  mergeStatus: string,
): Record<string, unknown> {
  const { number, state, closedAt, mergeCommit } = pull
  const source = context.repository(pull.headRepository)
  const milestone = repository.state.milestones.find((one) => one.number === pull.milestone)
  const closed = closedAt === undefined ? null : isoTime(closedAt)
  return {
    id: 1000 + number,
    iid: number,
    project_id: repository.id,
    title: pull.title,
    description: pull.body === '' ? null : pull.body,
    state: state === 'open' ? 'opened' : state,
    created_at: isoTime(pull.createdAt),
    updated_at: isoTime(pull.updatedAt),
    merged_at: state === 'merged' ? closed : null,
    closed_at: state === 'closed' ? closed : null,
    target_branch: pull.base,
    source_branch: pull.head,
    author: userShape(pull.author, context),
    assignees: pull.assignees.map((login) => userShape(login, context)),
    reviewers: pull.reviewers.map((login) => userShape(login, context)),
    source_project_id: source?.id ?? null,
    target_project_id: repository.id,
    labels: pull.labels,
    draft: pull.draft,
    work_in_progress: pull.draft,
    milestone: milestone === undefined ? null : milestoneShape(milestone, repository, context),
    merge_when_pipeline_succeeds: pull.autoMerge !== undefined,
    merge_status: mergeStatus === 'mergeable' ? 'can_be_merged' : 'unchecked',
    detailed_merge_status: mergeStatus,
    sha: pull.headCommit,
    // A fast-forward makes none.
    merge_commit_sha: mergeCommit === pull.headCommit ? null : (mergeCommit ?? null),
    squash_commit_sha: null,
    reference: `!${number}`,
    web_url: `${context.url}/${repository.fullName}/-/merge_requests/${number}`,
    has_conflicts: mergeStatus === 'conflict',
    blocking_discussions_resolved: true,
  }
}

export async function fullPullShape(
  pull: HostPull,
  repository: HostRepository,
  context: HostContext,
  mergeStatus: string,
): Promise<Record<string, unknown>> {
  const { baseCommit, headCommit } = pull
  const from = await repository.inspect.mergeBase(baseCommit, headCommit)
  return {
    ...pullShape(pull, repository, context, mergeStatus),
    changes_count: '1',
    head_pipeline: pipelineShape(headCommit, repository, context),
    diff_refs: { base_sha: from ?? baseCommit, head_sha: headCommit, start_sha: baseCommit },
    merge_error: null,
  }
}
