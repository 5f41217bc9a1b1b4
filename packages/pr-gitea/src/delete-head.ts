import { createPullRequestError } from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import { orIncomplete, readAnswer, refusalOf } from '@lg/pull-request/http'
import { dataOf } from './api.ts'
import { tipOf } from './branches.ts'
import { readStatus } from './failure.ts'
import { paramsOf, targetOf, type HostContext } from './host-context.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/**
 * Deletes the head branch of one that is merged, unless it has commits that were not.
 *
 * @throws {LgError} `INCOMPLETE`.
 */
export async function deleteHead(context: HostContext, found: HostPullRequest): Promise<void> {
  const { api, call } = context
  const { pullRequest, headFullName } = found
  const { number, state, head } = pullRequest
  // Gone with its repository.
  if (headFullName === undefined) return
  const from = targetOf(headFullName)
  const place = atStep(context, 'deleteBranch')
  await orIncomplete(pullRequest, place, call.signal, readStatus, async () => {
    try {
      const [tip, merged] = await Promise.all([tipOf(context, head, from), mergedHead(context, number)])
      if (tip === undefined) return
      if (tip !== merged) {
        const problem = `branch ${head} has new commits, and stays`
        throw createPullRequestError('CONFLICT', problem, place, { number, state, actualHead: tip })
      }
      await api.repos.repoDeleteBranch(...from, encodeURIComponent(head), paramsOf(call))
    } catch (error) {
      // Somebody was first, or the repository deletes merged branches itself.
      if (refusalOf(error)?.status !== 404) throw error
    }
  })
}

/** What was merged: the pull request shows the tip of its branch, whatever that is by now; its own ref stays. */
async function mergedHead({ api, target, call }: HostContext, number: number): Promise<string | undefined> {
  const name = `pull/${number}/head`
  const answer = dataOf(await api.repos.repoListGitRefs(...target, name, paramsOf(call)))
  // One that fits as a whole comes by itself.
  const refs = (Array.isArray(answer) ? answer : [answer]).map((ref: unknown) => readAnswer(ref, 'ref'))
  return refs
    .find((ref) => ref.text('ref') === `refs/${name}`)
    ?.record('object')
    .oid('sha')
}
