import { createPullRequestError } from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import { orIncomplete, readAnswer, refusalOf } from '@lg/pull-request/http'
import { readStatus } from './failure.ts'
import type { HostContext } from './host-context.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/**
 * Deletes the head branch of one that is merged, unless it has commits that were not.
 *
 * @throws {LgError} `INCOMPLETE`.
 */
export async function deleteHead(context: HostContext, found: HostPullRequest): Promise<void> {
  const { api, target, call } = context
  const { pullRequest, headFullName } = found
  const { head, headCommit } = pullRequest
  // Gone with its repository.
  if (headFullName === undefined) return
  const [owner = '', repo = ''] = headFullName.split('/')
  const request = { ...target, owner, repo, ref: `heads/${head}` }
  const place = atStep(context, 'deleteBranch')
  await orIncomplete(pullRequest, place, call.signal, readStatus, async () => {
    try {
      const { data } = await api.rest.git.getRef(request)
      const tip = readAnswer(data, 'branch').record('object').oid('sha')
      if (tip !== headCommit) {
        const { number, state } = pullRequest
        const problem = `branch ${head} has new commits, and stays`
        throw createPullRequestError('CONFLICT', problem, place, { number, state, actualHead: tip })
      }
      await api.rest.git.deleteRef(request)
    } catch (error) {
      // Somebody was first, or the repository deletes merged branches itself.
      const status = refusalOf(error)?.status
      if (status !== 404 && status !== 422) throw error
    }
  })
}
