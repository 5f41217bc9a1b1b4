import { createPullRequestError, type PreparedSpec } from '@lg/pull-request'
import { httpErrors, readAnswer, refusalOf } from '@lg/pull-request/http'
import { dataOf, listOf } from './api.ts'
import { fullNameOf, paramsOf, targetOf, type HostContext, type Target } from './host-context.ts'
import { requireRepository } from './read.ts'

type Branches = Pick<PreparedSpec, 'head' | 'headRepository' | 'base'>

/**
 * What Gitea leaves to its callers: it says 404 for a branch as for a repository, and opens pull requests without a
 * change.
 *
 * @throws {LgError} `BRANCH_NOT_FOUND`, `NO_CHANGES`, and as {@link requireRepository}.
 */
export async function checkBranches(context: HostContext, branches: Branches): Promise<void> {
  const { head, headRepository, base } = branches
  const headTarget = headRepository && targetOf(fullNameOf(headRepository, context.serverPath))
  const [from, to] = await Promise.all([
    tipOf(context, base),
    tipOf(context, head, headTarget ?? context.target),
  ])
  for (const [branch, tip] of [
    [base, from],
    [head, to],
  ] as const) {
    if (tip !== undefined) continue
    await requireRepository(context)
    throw createPullRequestError(
      'BRANCH_NOT_FOUND',
      `there is no branch ${branch}; push it first`,
      context.place,
      { branch },
    )
  }
  if (from === undefined || to === undefined) return
  if (from !== to && (await hasCommits(context, from, to, branches))) return
  const problem = `${head} has no commit that ${base} lacks`
  throw createPullRequestError('NO_CHANGES', problem, context.place, { head, base })
}

/** The commit of a branch; `undefined` when it is not there. */
export async function tipOf(
  { api, target, call }: HostContext,
  branch: string,
  from: Target = target,
): Promise<string | undefined> {
  try {
    const answer = await api.repos.repoGetBranch(...from, encodeURIComponent(branch), paramsOf(call))
    return readAnswer(dataOf(answer), 'branch').record('commit').oid('id')
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined
    throw error
  }
}

async function hasCommits(
  { api, target, call, serverPath }: HostContext,
  from: string,
  to: string,
  { head, headRepository, base }: Branches,
): Promise<boolean> {
  if (headRepository === undefined) {
    // One is enough; a comparison would bring all, each with its files.
    const query = { sha: to, not: from, limit: 1, stat: false, verification: false, files: false }
    return listOf(await api.repos.repoGetAllCommits(...target, query, paramsOf(call))).length > 0
  }
  const [owner = ''] = fullNameOf(headRepository, serverPath).split('/')
  const range = `${encodeURIComponent(base)}...${encodeURIComponent(`${owner}:${head}`)}`
  try {
    const compared = dataOf(await api.repos.repoCompareDiff(...target, range, paramsOf(call)))
    return readAnswer(compared, 'comparison').number('total_commits') > 0
  } catch (error) {
    // The answer holds every commit with its files, and only of many is it too large.
    if (httpErrors.is(error, 'BAD_ANSWER') && /more than \d+ bytes/.test(error.details.reason)) return true
    throw error
  }
}
