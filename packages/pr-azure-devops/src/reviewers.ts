import type { PreparedListChange } from '@lg/pull-request'
import type { StepResult } from '@lg/pull-request/hosted'
import { reviewerBatch } from './capabilities.ts'
import { sameName, send, type HostContext } from './host-context.ts'
import { withoutProject, type HostPullRequest, type Reviewer } from './to-pull-request.ts'

/** Asks people and groups for a review, and takes back what was asked. */
export async function requestReviewers(
  context: HostContext,
  found: HostPullRequest,
  wanted: {
    readonly add: readonly Reviewer[]
    readonly people: PreparedListChange['remove']
    readonly teams: PreparedListChange['remove']
  },
): Promise<StepResult | undefined> {
  const { target } = context
  const url = `${target.gitUrl}/pullRequests/${found.pullRequest.number}/reviewers`
  const isUnwanted = ({ id, name, team }: Reviewer): boolean =>
    (team ? wanted.teams : wanted.people).some(
      (other) => sameName(withoutProject(other, target.project), name) || sameName(other, id),
    )
  const remove = found.reviewers.filter(isUnwanted)
  const present = new Set(found.reviewers.map(({ id }) => id.toLowerCase()))
  const add = wanted.add.filter(({ id }) => !present.has(id.toLowerCase()))
  if (add.length + remove.length === 0) return undefined
  for (const { id } of remove) await send(context, { method: 'DELETE', url: `${url}/${id}` })
  for (let start = 0; start < add.length; start += reviewerBatch) {
    const body = add.slice(start, start + reviewerBatch).map(({ id }) => ({ id }))
    await send(context, { method: 'POST', url, body })
  }
  return { changed: true }
}
