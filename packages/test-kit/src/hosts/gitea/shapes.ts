import type { HostRepository } from '../host-repository.ts'
import type { HostComment, HostLabel, HostMilestone, HostPull } from '../host-state.ts'
import type { PullMergeability } from './mergeability.ts'
import { contentVersionOf, isNewest, type GiteaContext } from './server.ts'

/** Objects as Gitea sends them: of each, the fields that tell something. */

const isoTime = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')
const long = '2024-01-01T00:00:00Z'

export function userShape(login: string, { url, users }: GiteaContext): Record<string, unknown> {
  return {
    id: users.indexOf(login) + 1,
    login,
    login_name: '',
    full_name: '',
    email: `${login}@noreply.example.com`,
    avatar_url: `${url}/avatars/${login}`,
    html_url: `${url}/${login}`,
    is_admin: false,
    active: false,
    created: long,
    visibility: 'public',
  }
}

const styles: Readonly<Record<string, string>> = { 'fast-forward': 'fast-forward-only' }

export function repositoryShape(
  { owner, name, fullName, settings }: HostRepository,
  context: GiteaContext,
): Record<string, unknown> {
  const [first = 'merge'] = settings.mergeMethods
  const allows = (method: string): boolean => settings.mergeMethods.includes(method)
  return {
    id: 1,
    owner: userShape(owner, context),
    name,
    full_name: fullName,
    description: '',
    empty: false,
    private: false,
    fork: false,
    html_url: `${context.url}/${fullName}`,
    url: `${context.apiUrl}/repos/${fullName}`,
    clone_url: `${context.url}/${fullName}.git`,
    ssh_url: `git@localhost:${fullName}.git`,
    default_branch: 'main',
    archived: settings.archived,
    created_at: long,
    updated_at: long,
    has_issues: settings.issues,
    has_pull_requests: settings.pullRequests,
    allow_merge_commits: allows('merge'),
    allow_rebase: allows('rebase'),
    allow_squash_merge: allows('squash'),
    allow_fast_forward_only_merge: allows('fast-forward'),
    default_merge_style: styles[first] ?? first,
    permissions: { admin: false, push: settings.push, pull: true },
    object_format_name: 'sha1',
  }
}

export function labelShape(
  { id, name, color }: HostLabel,
  { apiUrl }: GiteaContext,
): Record<string, unknown> {
  const url = `${apiUrl}/labels/${id}`
  return {
    id,
    name,
    exclusive: false,
    is_archived: false,
    color: color.replace('#', ''),
    description: '',
    url,
  }
}

export function milestoneShape({ number, title, state }: HostMilestone): Record<string, unknown> {
  return {
    id: number,
    title,
    description: '',
    state,
    open_issues: 0,
    closed_issues: 0,
    created_at: long,
    updated_at: long,
    closed_at: null,
    due_on: null,
  }
}

export function commentShape(
  { id, pull, author, body, createdAt, updatedAt }: HostComment,
  { fullName }: HostRepository,
  context: GiteaContext,
): Record<string, unknown> {
  const page = `${context.url}/${fullName}/pulls/${pull}`
  return {
    id,
    html_url: `${page}#issuecomment-${id}`,
    pull_request_url: page,
    issue_url: '',
    user: userShape(author, context),
    original_author: '',
    original_author_id: 0,
    body,
    assets: [],
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt),
  }
}

/** All labels that may be set in a repository: its own, and those of its organisation. */
export function labelsFor({ owner, state }: HostRepository, { server }: GiteaContext): readonly HostLabel[] {
  return [...state.labels, ...(server.organizations.get(owner) ?? [])]
}

/** What an issue and a pull request have in common. */
export function issueShape(
  pull: HostPull,
  repository: HostRepository,
  context: GiteaContext,
): Record<string, unknown> {
  const milestone = repository.state.milestones.find(({ number }) => number === pull.milestone)
  const [assignee] = pull.assignees
  const page = `${context.url}/${repository.fullName}/pulls/${pull.number}`
  return {
    id: pull.number + 100,
    number: pull.number,
    url: page,
    html_url: page,
    user: userShape(pull.author, context),
    title: pull.title,
    body: pull.body,
    ...(isNewest(context.server) && {
      content_version: contentVersionOf(context.server, repository.fullName, pull),
    }),
    labels: labelsFor(repository, context)
      .filter(({ name }) => pull.labels.includes(name))
      .map((label) => labelShape(label, context)),
    milestone: milestone === undefined ? null : milestoneShape(milestone),
    assignee: assignee === undefined ? null : userShape(assignee, context),
    assignees: pull.assignees.length === 0 ? null : pull.assignees.map((login) => userShape(login, context)),
    state: pull.state === 'open' ? 'open' : 'closed',
    is_locked: false,
    comments: 0,
    created_at: isoTime(pull.createdAt),
    updated_at: isoTime(pull.updatedAt),
    closed_at: pull.closedAt === undefined || pull.state === 'open' ? null : isoTime(pull.closedAt),
    due_date: null,
    pin_order: 0,
  }
}

/** What Git says of a pull request, and the shape needs. */
export interface PullFacts {
  readonly merge: PullMergeability
  /** Tip of the head branch; `undefined` when that is gone. */
  readonly headTip: string | undefined
  readonly baseTip: string | undefined
  readonly mergeBase: string | undefined
}

export function isDraft({ title }: HostPull, { server }: GiteaContext): boolean {
  return server.draftPrefixes.some((prefix) => title.toUpperCase().startsWith(prefix.toUpperCase()))
}

export function pullShape(
  pull: HostPull,
  repository: HostRepository,
  context: GiteaContext,
  { merge, headTip, baseTip, mergeBase }: PullFacts,
): Record<string, unknown> {
  const page = `${context.url}/${repository.fullName}/pulls/${pull.number}`
  const from = context.repository(pull.headRepository)
  const merged = pull.state === 'merged'
  const organization = { id: 1, name: repository.owner, username: repository.owner }
  const teams = pull.teams.map((name, id) => ({
    id,
    name,
    description: '',
    organization,
    permission: 'write',
  }))
  return {
    ...issueShape(pull, repository, context),
    draft: isDraft(pull, context),
    requested_reviewers: pull.reviewers.map((login) => userShape(login, context)),
    requested_reviewers_teams: teams.length === 0 ? null : teams,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    mergeable: merge === 'mergeable' && !isDraft(pull, context),
    merged,
    merged_at: merged && pull.closedAt !== undefined ? isoTime(pull.closedAt) : null,
    merge_commit_sha: pull.mergeCommit ?? null,
    merged_by: merged ? userShape(context.login, context) : null,
    allow_maintainer_edit: false,
    merge_base: mergeBase ?? '',
    base: {
      label: pull.base,
      ref: pull.base,
      sha: baseTip ?? '',
      repo_id: 1,
      repo: repositoryShape(repository, context),
    },
    head: {
      label: pull.head,
      // A branch that is gone is told by its label alone.
      ref: headTip === undefined ? `refs/pull/${pull.number}/head` : pull.head,
      // Also of a closed one, the tip of the branch.
      sha: headTip ?? pull.headCommit,
      repo_id: from === undefined ? -1 : 1,
      repo: from === undefined ? null : repositoryShape(from, context),
    },
  }
}
