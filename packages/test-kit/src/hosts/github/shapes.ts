import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostComment, HostLabel, HostMilestone, HostPull } from '../host-state.ts'

/** Objects as GitHub sends them: of each, all fields that its description requires. */

const isoTime = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

const addresses = (base: string, names: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [`${name}_url`, `${base}/${name}`]))

export function userShape(login: string, { apiUrl, url, users }: HostContext): Record<string, unknown> {
  const base = `${apiUrl}/users/${login}`
  return {
    ...addresses(
      base,
      'events followers following gists organizations received_events repos starred subscriptions',
    ),
    avatar_url: `${url}/avatars/${login}`,
    gravatar_id: '',
    html_url: `${url}/${login}`,
    id: users.indexOf(login) + 1,
    login,
    node_id: `U_${login}`,
    site_admin: false,
    type: 'User',
    url: base,
  }
}

const repositoryAddresses =
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments ' +
  'downloads events forks git_commits git_refs git_tags git hooks issue_comment issue_events issues keys labels ' +
  'languages merges milestones notifications pulls releases ssh stargazers statuses subscribers subscription svn ' +
  'tags teams trees clone'

export function repositoryShape(
  { owner, name, fullName, settings }: HostRepository,
  context: HostContext,
): Record<string, unknown> {
  const base = `${context.apiUrl}/repos/${fullName}`
  const counts = {
    forks: 0,
    forks_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    watchers: 0,
    watchers_count: 0,
  }
  return {
    ...addresses(base, repositoryAddresses),
    ...counts,
    archived: settings.archived,
    created_at: '2024-01-01T00:00:00Z',
    default_branch: 'main',
    description: null,
    disabled: false,
    fork: false,
    full_name: fullName,
    has_discussions: false,
    has_downloads: true,
    has_issues: settings.issues,
    has_pages: false,
    has_projects: true,
    has_wiki: true,
    homepage: null,
    html_url: `${context.url}/${fullName}`,
    id: 1,
    language: null,
    license: null,
    mirror_url: null,
    name,
    network_count: 0,
    node_id: `R_${fullName}`,
    owner: userShape(owner, context),
    private: false,
    pushed_at: '2024-01-01T00:00:00Z',
    size: 1,
    stargazers_count: 0,
    subscribers_count: 0,
    updated_at: '2024-01-01T00:00:00Z',
    url: base,
  }
}

export function labelShape({ id, name, color }: HostLabel, { apiUrl }: HostContext): Record<string, unknown> {
  const url = `${apiUrl}/labels/${id}`
  return { id, node_id: `LA_${id}`, url, name, description: '', color, default: false }
}

export function milestoneShape(
  { number, title, state }: HostMilestone,
  { apiUrl, url }: HostContext,
): Record<string, unknown> {
  return {
    closed_at: null,
    closed_issues: 0,
    created_at: '2024-01-01T00:00:00Z',
    creator: null,
    description: null,
    due_on: null,
    html_url: `${url}/milestone/${number}`,
    id: number,
    labels_url: `${apiUrl}/milestones/${number}/labels`,
    node_id: `MI_${number}`,
    number,
    open_issues: 0,
    state,
    title,
    updated_at: '2024-01-01T00:00:00Z',
    url: `${apiUrl}/milestones/${number}`,
  }
}

function teamShape(slug: string, { apiUrl, url }: HostContext): Record<string, unknown> {
  const base = `${apiUrl}/teams/${slug}`
  return {
    description: null,
    html_url: `${url}/teams/${slug}`,
    id: 1,
    members_url: `${base}/members`,
    name: slug,
    node_id: `T_${slug}`,
    parent: null,
    permission: 'push',
    repositories_url: `${base}/repos`,
    slug,
    type: 'organization',
    url: base,
  }
}

export function commentShape(
  { id, pull, author, body, createdAt, updatedAt }: HostComment,
  repository: HostRepository,
  context: HostContext,
): Record<string, unknown> {
  const { apiUrl, url } = context
  return {
    author_association: 'MEMBER',
    body,
    created_at: isoTime(createdAt),
    html_url: `${url}/${repository.fullName}/pull/${pull}#issuecomment-${id}`,
    id,
    issue_url: `${apiUrl}/repos/${repository.fullName}/issues/${pull}`,
    node_id: `IC_${id}`,
    updated_at: isoTime(updatedAt),
    url: `${apiUrl}/repos/${repository.fullName}/issues/comments/${id}`,
    user: userShape(author, context),
  }
}

interface SharedShape {
  readonly assignee: unknown
  readonly assignees: readonly unknown[]
  readonly labels: readonly unknown[]
  readonly milestone: unknown
}

function decorations(pull: HostPull, repository: HostRepository, context: HostContext): SharedShape {
  const { labels, milestones } = repository.state
  const milestone = milestones.find(({ number }) => number === pull.milestone)
  const [assignee] = pull.assignees
  return {
    assignee: assignee === undefined ? null : userShape(assignee, context),
    assignees: pull.assignees.map((login) => userShape(login, context)),
    labels: pull.labels.flatMap((name) =>
      labels.filter((label) => label.name === name).map((label) => labelShape(label, context)),
    ),
    milestone: milestone === undefined ? null : milestoneShape(milestone, context),
  }
}

export function issueShape(
  pull: HostPull,
  repository: HostRepository,
  context: HostContext,
): Record<string, unknown> {
  const base = `${context.apiUrl}/repos/${repository.fullName}/issues/${pull.number}`
  return {
    ...addresses(base, 'comments events labels'),
    ...decorations(pull, repository, context),
    author_association: 'MEMBER',
    body: pull.body,
    closed_at: pull.closedAt === undefined ? null : isoTime(pull.closedAt),
    comments: 0,
    created_at: isoTime(pull.createdAt),
    html_url: `${context.url}/${repository.fullName}/pull/${pull.number}`,
    id: pull.number,
    locked: false,
    node_id: `PR_${repository.fullName}_${pull.number}`,
    number: pull.number,
    repository_url: `${context.apiUrl}/repos/${repository.fullName}`,
    state: pull.state === 'open' ? 'open' : 'closed',
    title: pull.title,
    updated_at: isoTime(pull.updatedAt),
    url: base,
    user: userShape(pull.author, context),
  }
}

/** As lists have it; a single one has more fields. */
export function pullShape(
  pull: HostPull,
  repository: HostRepository,
  context: HostContext,
): Record<string, unknown> {
  const { number, state, closedAt, mergeCommit, autoMerge } = pull
  const page = `${context.url}/${repository.fullName}/pull/${number}`
  const url = `${context.apiUrl}/repos/${repository.fullName}/pulls/${number}`
  const issue = `${context.apiUrl}/repos/${repository.fullName}/issues/${number}`
  const links = {
    self: url,
    html: page,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${url}/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${url}/statuses`,
  }
  const headRepository = context.repository(pull.headRepository)
  const side = (from: HostRepository | undefined, owner: string, ref: string, sha: string): unknown => ({
    label: `${owner}:${ref}`,
    ref,
    repo: from === undefined ? null : repositoryShape(from, context),
    sha,
    user: userShape(owner, context),
  })
  const closed = closedAt === undefined ? null : isoTime(closedAt)
  return {
    ...addresses(url, 'comments commits review_comment review_comments statuses'),
    ...decorations(pull, repository, context),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: 'MEMBER',
    auto_merge:
      autoMerge === undefined ? null : (
        {
          enabled_by: userShape(context.login, context),
          merge_method: autoMerge,
          commit_title: '',
          commit_message: '',
        }
      ),
    base: side(repository, repository.owner, pull.base, pull.baseCommit),
    body: pull.body === '' ? null : pull.body,
    closed_at: state === 'open' ? null : closed,
    created_at: isoTime(pull.createdAt),
    diff_url: `${page}.diff`,
    draft: pull.draft,
    head: side(headRepository, pull.headRepository.split('/')[0] ?? '', pull.head, pull.headCommit),
    html_url: page,
    id: number,
    issue_url: issue,
    locked: false,
    merge_commit_sha: mergeCommit ?? null,
    merged_at: state === 'merged' ? closed : null,
    node_id: `PR_${repository.fullName}_${number}`,
    number,
    patch_url: `${page}.patch`,
    requested_reviewers: pull.reviewers.map((login) => userShape(login, context)),
    requested_teams: pull.teams.map((slug) => teamShape(slug, context)),
    state: state === 'open' ? 'open' : 'closed',
    title: pull.title,
    updated_at: isoTime(pull.updatedAt),
    url,
    user: userShape(pull.author, context),
  }
}

/** What GitHub has worked out about a merge. `undefined`: not yet. */
export interface PullMergeability {
  readonly mergeable: boolean
  readonly state: string
}

export function fullPullShape(
  pull: HostPull,
  repository: HostRepository,
  context: HostContext,
  merge: PullMergeability | undefined,
): Record<string, unknown> {
  return {
    ...pullShape(pull, repository, context),
    additions: 0,
    changed_files: 0,
    comments: 0,
    commits: 1,
    deletions: 0,
    maintainer_can_modify: false,
    mergeable: merge?.mergeable ?? null,
    mergeable_state: merge?.state ?? 'unknown',
    merged: pull.state === 'merged',
    merged_by: pull.state === 'merged' ? userShape(context.login, context) : null,
    review_comments: 0,
  }
}
