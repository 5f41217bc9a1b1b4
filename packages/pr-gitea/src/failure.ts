import { createPullRequestError } from '@lg/pull-request'
import { hostWords, type ReadStatus } from '@lg/pull-request/http'

/** What Gitea and Forgejo mean by their answers, where it is more than all hosts mean by them. */
export const readStatus: ReadStatus = ({ status, body }, place, cause) => {
  const words = hostWords(body)
  const user = unknownUser(words)
  if (user !== undefined && (status === 404 || status === 422)) {
    const problem = `${user}: no such user or team, or none who may be named here`
    return createPullRequestError('UNKNOWN_USER', problem, place, { users: [user] }, { cause })
  }
  // 400 or 409, by the version.
  if (status === 412 || /already changed/i.test(words))
    return createPullRequestError('CONFLICT', words, place, {}, { cause })
  if (status === 413) {
    const reason = words || 'it is more than the server takes'
    return createPullRequestError('FORBIDDEN', `it is refused (${reason})`, place, { reason }, { cause })
  }
  return undefined
}

/** `Assignee does not exist: [name: bob]`, `User 'bob' not exist`, `Team 'pit' not exist`. */
function unknownUser(words: string): string | undefined {
  const [, assignee, asked] =
    /assignee does not exist: \[.*\bname: ([^\s\]]+)|(?:user|team) '([^']+)' not exist/i.exec(words) ?? []
  return assignee ?? asked
}

/** The number of the pull request that was there first: `pull request already exists ... [id: 7, issue_id: 3, ...]`. */
export function numberThere(body: unknown): number | undefined {
  const number = Number(/\bissue_id: (\d+)/.exec(hostWords(body))?.[1])
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}
