import type { Oid, RepositoryReference } from '@lg/git'
import { createPullRequestError } from '@lg/pull-request'
import { readAnswer } from '@lg/pull-request/http'
import { refOf, send, targetOf, type HostContext } from './host-context.ts'
import { idOfRepository } from './read.ts'

interface Branches {
  readonly head: string
  readonly headRepository?: RepositoryReference | undefined
  readonly base: string
}

/**
 * Azure DevOps does not say which branch is missing, and takes heads that have nothing of their own.
 *
 * @throws {LgError} `BRANCH_NOT_FOUND`, `NO_CHANGES`.
 */
export async function checkBranches(context: HostContext, branches: Branches): Promise<void> {
  const { place, repository } = context
  const { head, headRepository = repository, base } = branches
  const [headCommit, baseCommit] = await Promise.all([
    tipOf(context, headRepository, head),
    tipOf(context, repository, base),
  ])
  for (const [branch, commit] of [
    [head, headCommit],
    [base, baseCommit],
  ] as const) {
    if (commit !== undefined) continue
    const problem = `there is no branch ${branch}; push it first`
    throw createPullRequestError('BRANCH_NOT_FOUND', problem, place, { branch })
  }
  if (headCommit === undefined || baseCommit === undefined) return
  if (await isContained(context, { headRepository, commit: headCommit, in: baseCommit })) {
    throw createPullRequestError('NO_CHANGES', `${head} has no commit that ${base} lacks`, place, {
      head,
      base,
    })
  }
}

/** The commit of a branch, if there is one. */
export async function tipOf(
  context: HostContext,
  repository: RepositoryReference,
  branch: string,
): Promise<Oid | undefined> {
  const { gitUrl } = targetOf(repository, context.root, context.place)
  // All refs whose name begins so.
  const answer = await send(context, { url: `${gitUrl}/refs`, query: { filter: `heads/${branch}` } })
  const refs = readAnswer(answer, 'list of branches').list('value')
  return refs.find((ref) => ref.text('name') === refOf(branch))?.oid('objectId')
}

/** Whether the second commit, of the repository itself, has the first one among its ancestors. */
export async function isContained(
  context: HostContext,
  commits: { readonly headRepository: RepositoryReference; readonly commit: Oid; readonly in: Oid },
): Promise<boolean> {
  const { headRepository, commit, in: other } = commits
  if (commit === other) return true
  const { gitUrl } = targetOf(headRepository, context.root, context.place)
  const isFork = gitUrl !== context.target.gitUrl
  const answer = await send(context, {
    url: `${gitUrl}/commits/${commit}/mergebases`,
    query: {
      otherCommitId: other,
      otherRepositoryId: isFork ? await idOfRepository(context, context.repository) : undefined,
    },
  })
  return readAnswer(answer, 'list of common commits')
    .list('value')
    .some((found) => found.text('commitId') === commit)
}
