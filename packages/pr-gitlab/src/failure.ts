import { createPullRequestError, type SpecFault } from '@lg/pull-request'
import { hostWords, refusalOf, type ReadStatus } from '@lg/pull-request/http'
import { isRecord } from '@lg/runtime'

/** What GitLab means by its answers, where it is more than all hosts mean by them. */
export const readStatus: ReadStatus = ({ status, body }, place, cause) => {
  const words = hostWords(body)
  if (status === 422 && /disabled merge requests/i.test(words)) {
    return createPullRequestError('UNSUPPORTED', words, place, { features: ['merge requests'] }, { cause })
  }
  if (status !== 400 && status !== 422) return undefined
  const faults = faultsOf(body, words)
  return faults.length === 0 ?
      undefined
    : createPullRequestError('VALIDATION', words, place, { faults }, { cause })
}

/** Fields of GitLab that are fields of a spec. */
const fields: ReadonlyMap<string, SpecFault['field']> = new Map([
  ['title', 'title'],
  ['description', 'description'],
  ['note', 'body'],
  ['labels', 'labels'],
  ['assignees', 'assignees'],
  ['reviewers', 'reviewers'],
  ['source_branch', 'head'],
  ['target_branch', 'base'],
  ['source_project', 'headRepository'],
])

function faultsOf(body: unknown, words: string): readonly SpecFault[] {
  if (/same project\/branch/i.test(words)) return [{ field: 'base', reason: words }]
  if (/not a fork/i.test(words)) return [{ field: 'headRepository', reason: words }]
  // A field that is missing or of another type is told in another way than one that is judged.
  const [, missing = ''] = /^(\w+) (?:is missing|is invalid|does not have a valid value)/.exec(words) ?? []
  const absent = fields.get(missing)
  if (absent !== undefined) return [{ field: absent, reason: words }]
  const message = isRecord(body) && isRecord(body['message']) ? body['message'] : {}
  return Object.entries(message).flatMap(([name, reasons]) => {
    const field = fields.get(name)
    return field === undefined ? [] : [{ field, reason: hostWords({ message: reasons }) || 'it is refused' }]
  })
}

/** GitLab has the branch, and does not know of it yet. */
export function isHeadUnknown(error: unknown): boolean {
  const refusal = refusalOf(error)
  return refusal?.status === 400 && /source_branch does not exist/i.test(hostWords(refusal.body))
}

/** Another one of the same branches is open, and which. */
export function otherOpen(error: unknown): { readonly number: number | undefined } | undefined {
  const refusal = refusalOf(error)
  const words = refusal?.status === 409 ? hostWords(refusal.body) : ''
  if (!/another open merge request already exists/i.test(words)) return undefined
  const number = /!(\d+)/.exec(words)?.[1]
  return { number: number === undefined ? undefined : Number(number) }
}
