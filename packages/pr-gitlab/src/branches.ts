import type { Oid } from '@lg/git'
import { createPullRequestError, type PullRequestBranches } from '@lg/pull-request'
import { httpErrors, readAnswer, refusalOf } from '@lg/pull-request/http'
import { isHeadUnknown } from './failure.ts'
import { projectOf, type HostContext } from './host-context.ts'
import { idOf } from './read.ts'

/** Where the two branches of a merge request are, as GitLab knows the projects. */
export interface Sides {
  /** Project of the head: a merge request is made there. */
  readonly source: string
  /** Project of the base; `undefined`: the same. */
  readonly target: number | undefined
}

export async function sidesOf(
  context: HostContext,
  { headRepository, repository }: Pick<PullRequestBranches, 'headRepository' | 'repository'>,
): Promise<Sides> {
  if (headRepository === undefined) return { source: context.project, target: undefined }
  return { source: projectOf(headRepository, context), target: await idOf(context, repository) }
}

/** A branch that was just pushed may not be there for a moment. */
const branchWaits = [500, 1000, 2000]

/**
 * GitLab makes a merge request of a head without commits, old versions even of one that is not there: so they are looked
 * at before.
 *
 * @throws {LgError} `BRANCH_NOT_FOUND`, `NO_CHANGES`.
 */
export async function checkChanges(
  context: HostContext,
  branches: Pick<PullRequestBranches, 'head' | 'base'>,
  sides: Sides,
): Promise<void> {
  const { clock, call, place } = context
  const { head, base } = branches
  const waits = [...branchWaits]
  for (;;) {
    const compared = await compare(context, branches, sides)
    if (compared === 'changes') return
    if (compared === 'none') {
      const problem = `${head} has no commit that ${base} lacks`
      throw createPullRequestError('NO_CHANGES', problem, place, { head, base })
    }
    const missing = await missingBranch(context, branches, sides)
    const wait = waits.shift()
    if (missing !== undefined && wait === undefined) {
      const problem = `there is no branch ${missing}; push it first`
      throw createPullRequestError('BRANCH_NOT_FOUND', problem, place, { branch: missing })
    }
    // Both are there, and cannot be compared: what is wrong shows when the merge request is made.
    if (wait === undefined) return
    await clock.sleep(wait, call)
  }
}

async function compare(
  { api }: HostContext,
  { head, base }: Pick<PullRequestBranches, 'head' | 'base'>,
  { source, target }: Sides,
): Promise<'changes' | 'none' | 'missing'> {
  try {
    const from = target === undefined ? {} : { fromProjectId: target }
    const data = await api.repositories.compare(source, base, head, { straight: false, ...from })
    return readAnswer(data, 'comparison').list('commits').length > 0 ? 'changes' : 'none'
  } catch (error) {
    // The answer holds the whole difference, and only a large one is too large.
    if (httpErrors.is(error, 'BAD_ANSWER') && /more than \d+ bytes/.test(error.details.reason))
      return 'changes'
    if (refusalOf(error)?.status !== 404) throw error
    return 'missing'
  }
}

async function missingBranch(
  context: HostContext,
  { head, base }: Pick<PullRequestBranches, 'head' | 'base'>,
  { source }: Sides,
): Promise<string | undefined> {
  if (!(await hasBranch(context, context.project, base))) return base
  return (await hasBranch(context, source, head)) ? undefined : head
}

export async function hasBranch(
  context: HostContext,
  project: string | number,
  name: string,
): Promise<boolean> {
  return (await tipOf(context, project, name)) !== undefined
}

/** Where a branch is; `undefined`: it is not. Fails as the project does when that is not there. */
export async function tipOf(
  { api }: HostContext,
  project: string | number,
  name: string,
): Promise<Oid | undefined> {
  try {
    return readAnswer(await api.branches.show(project, name), 'branch')
      .record('commit')
      .oid('id')
  } catch (error) {
    if (refusalOf(error)?.status !== 404) throw error
    await api.projects.show(project)
    return undefined
  }
}

/**
 * GitLab takes notice of a pushed branch in the background, which has been seen to take half a minute; until then it
 * refuses a merge request for it.
 *
 * @throws {LgError} `BRANCH_NOT_FOUND` when it has not within the time of the options.
 */
export async function onceHeadIsKnown<Result>(
  { clock, call, branchWait, place }: HostContext,
  head: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const deadline = clock.now() + branchWait
  for (let wait = 1000; ; wait = Math.min(wait * 2, 15_000)) {
    try {
      return await run()
    } catch (error) {
      if (!isHeadUnknown(error)) throw error
      const left = deadline - clock.now()
      if (left <= 0) {
        const problem = `the host has not taken notice of branch ${head} within ${branchWait} ms; try again`
        throw createPullRequestError('BRANCH_NOT_FOUND', problem, place, { branch: head }, { cause: error })
      }
      await clock.sleep(Math.min(wait, left), call)
    }
  }
}
