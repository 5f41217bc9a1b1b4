import { createPullRequestError, type SpecFault } from '@lg/pull-request'
import { hostWords, type HttpErrors, type ReadStatus } from '@lg/pull-request/http'
import { isRecord } from '@lg/runtime'

/** What Azure DevOps means by its answers, where it is more than all hosts mean by them. */
export const readStatus: ReadStatus = (refusal, place, cause) => {
  const words = hostWords(refusal.body)
  const type = typeOf(refusal)
  const options = { cause }
  if (type === 'GitRepositoryDisabledException' || type === 'GitRepoInMaintenanceException') {
    return createPullRequestError('FORBIDDEN', words, place, { reason: words }, options)
  }
  if (type === 'GitPullRequestNotEditableException') {
    return createPullRequestError('CONFLICT', words, place, {}, options)
  }
  if (refusal.status === 401) {
    const problem = `the host does not accept the token, or the token lacks a scope (${words || 'status 401'})`
    return createPullRequestError('UNAUTHENTICATED', problem, place, {}, options)
  }
  if (refusal.status !== 400) return undefined
  const field = faultyField(type, words)
  if (field === undefined) return undefined
  return createPullRequestError('VALIDATION', words, place, { faults: [{ field, reason: words }] }, options)
}

/** The name of the server's exception: what an answer means, whatever its language. */
export function typeOf(refusal: HttpErrors['STATUS'] | undefined): string {
  const body = refusal?.body
  const key = isRecord(body) ? body['typeKey'] : undefined
  return typeof key === 'string' ? key : ''
}

/** Another one of the same branches is open. */
export function isAlreadyThere(refusal: HttpErrors['STATUS'] | undefined): boolean {
  return typeOf(refusal) === 'GitPullRequestExistsException' || /\bTF401179\b/.test(hostWords(refusal?.body))
}

/** Source or target branch is not there. */
export function isBranchGone(refusal: HttpErrors['STATUS'] | undefined): boolean {
  return (
    typeOf(refusal) === 'GitPullRequestCannotBeActivated' || /\bTF401398\b/.test(hostWords(refusal?.body))
  )
}

/** The token may make no labels. */
export function isLabelRefusal(refusal: HttpErrors['STATUS'] | undefined): boolean {
  return refusal?.status === 403 && /\bTF401289\b/.test(hostWords(refusal.body))
}

const reviewerTypes =
  /^GitPullRequest(?:InvalidReviewer|ReviewerPermission|MaxReviewerCountException)$|^GitIdentityNotFoundException$/

function faultyField(type: string, words: string): SpecFault['field'] | undefined {
  if (reviewerTypes.test(type)) return 'reviewers'
  if (type.startsWith('GitPullRequestLabel') || /\btag name\b|\blabel name\b/i.test(words)) return 'labels'
  if (/\bcomment cannot be longer\b/i.test(words)) return 'body'
  if (/\bdescription\b/i.test(words)) return 'description'
  return /\btitle\b/i.test(words) ? 'title' : undefined
}
