import { createPullRequestError, type ErrorPlace, type SpecFault } from '@lg/pull-request'
import { hostWords, type HttpErrors, type ReadStatus } from '@lg/pull-request/http'
import { isRecord } from '@lg/runtime'

/** What GitHub means by its answers, where it is more than all hosts mean by them. */
export const readStatus: ReadStatus = (refusal, place, cause) => {
  const { status, body } = refusal
  if (status === 410) {
    return createPullRequestError(
      'UNSUPPORTED',
      hostWords(body),
      place,
      { features: [place.step] },
      { cause },
    )
  }
  if (status !== 422) return undefined
  const faults = faultsOf(body).flatMap(({ field, message }): readonly SpecFault[] => {
    const name =
      field === 'body' ? 'description'
      : field === 'title' ? 'title'
      : undefined
    return name === undefined ? [] : [{ field: name, reason: message || 'the host does not take it' }]
  })
  if (faults.length === 0) return undefined
  return createPullRequestError('VALIDATION', hostWords(body), place, { faults }, { cause })
}

/** One entry of the list that explains a 422; absent fields are empty. */
interface GitHubFault {
  readonly field: string
  readonly code: string
  readonly message: string
}

function faultsOf(body: unknown): readonly GitHubFault[] {
  const errors = isRecord(body) && Array.isArray(body['errors']) ? (body['errors'] as readonly unknown[]) : []
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return errors.map((error) => {
    if (!isRecord(error)) return { field: '', code: '', message: text(error) }
    return { field: text(error['field']), code: text(error['code']), message: text(error['message']) }
  })
}

/** What a refusal says about head and base, or `undefined` when it is about something else. */
export function readBranchRefusal(
  { status, body }: HttpErrors['STATUS'],
  { head, base }: { readonly head: string; readonly base: string },
  place: ErrorPlace,
): Error | undefined {
  if (status !== 422) return undefined
  const words = hostWords(body)
  if (/no (?:new )?commits between/i.test(words)) {
    return createPullRequestError('NO_CHANGES', `${head} has no commit that ${base} lacks`, place, {
      head,
      base,
    })
  }
  const fault = faultsOf(body).find(
    ({ field, code }) => code === 'invalid' && (field === 'head' || field === 'base'),
  )
  if (fault === undefined || isAlreadyThere(body)) return undefined
  const branch = fault.field === 'head' ? head : base
  return createPullRequestError('BRANCH_NOT_FOUND', `there is no branch ${branch}; push it first`, place, {
    branch,
  })
}

export function isAlreadyThere(body: unknown): boolean {
  return /pull request already exists|already an open pull request/i.test(hostWords(body))
}
