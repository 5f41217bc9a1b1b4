import { createPullRequestError } from '@lg/pull-request'
import { atStep } from '@lg/pull-request/hosted'
import { orIncomplete, readAnswer } from '@lg/pull-request/http'
import { isContained, tipOf } from './branches.ts'
import { readStatus } from './failure.ts'
import { refOf, send, targetOf, type HostContext } from './host-context.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/**
 * Deletes the head branch of one that is merged, unless it has commits that were not.
 *
 * @throws {LgError} `INCOMPLETE`.
 */
export async function deleteHead(context: HostContext, { pullRequest }: HostPullRequest): Promise<void> {
  const { repository, call } = context
  const { number, state, head, base, headCommit, headRepository = repository } = pullRequest
  const place = atStep(context, 'deleteBranch')
  const at = { ...context, place }
  await orIncomplete(pullRequest, place, call.signal, readStatus, async () => {
    const tip = await tipOf(at, headRepository, head)
    // Somebody was first.
    if (tip === undefined) return
    const conflict = (problem: string): Error =>
      createPullRequestError('CONFLICT', problem, place, { number, state, actualHead: tip })
    if (tip !== headCommit) {
      // Rebasing moves the head as well.
      const baseTip = await tipOf(at, repository, base)
      const merged =
        baseTip !== undefined && (await isContained(at, { headRepository, commit: tip, in: baseTip }))
      if (!merged) throw conflict(`branch ${head} has new commits, and stays`)
    }
    const { gitUrl } = targetOf(headRepository, context.root, place)
    const change = { name: refOf(head), oldObjectId: tip, newObjectId: '0'.repeat(40) }
    const answer = await send(at, { method: 'POST', url: `${gitUrl}/refs`, body: [change] })
    // A refusal has status 200.
    const [result] = readAnswer(answer, 'list of changed branches').list('value')
    if (result?.value['success'] === true) return
    const status = result?.optionalText('updateStatus') ?? 'not told'
    const words = result?.optionalText('customMessage') ?? status
    if (status === 'staleOldObjectId') throw conflict(`branch ${head} has new commits, and stays`)
    throw createPullRequestError('FORBIDDEN', `the host keeps branch ${head}: ${words}`, place, {
      reason: words,
    })
  })
}
