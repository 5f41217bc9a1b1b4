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
  const { api, call } = context
  const { pullRequest, sourceProject } = found
  const { head, headCommit } = pullRequest
  // Gone with its project.
  if (sourceProject === undefined) return
  const place = atStep(context, 'deleteBranch')
  await orIncomplete(pullRequest, place, call.signal, readStatus, async () => {
    try {
      const data = await api.branches.show(sourceProject, head)
      const tip = readAnswer(data, 'branch').record('commit').oid('id')
      if (tip !== headCommit) {
        const { number, state } = pullRequest
        const problem = `branch ${head} has new commits, and stays`
        throw createPullRequestError('CONFLICT', problem, place, { number, state, actualHead: tip })
      }
      await api.branches.remove(sourceProject, head)
    } catch (error) {
      // Somebody was first, or GitLab deletes merged branches itself here.
      if (refusalOf(error)?.status !== 404) throw error
    }
  })
}
