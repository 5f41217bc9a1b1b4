import { createPullRequestError, type Check, type Checks, type CheckState } from '@lg/pull-request'
import { checksOf } from '@lg/pull-request/hosted'
import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { pagesOf } from './api.ts'
import { send, type HostContext } from './host-context.ts'
import { policiesOf } from './policies.ts'
import { read } from './read.ts'

/** Builds are policies of the base; all else are statuses, of the pull request or of its head commit. */
export async function checks(context: HostContext, number: number): Promise<Checks> {
  const { target, place } = context
  const found = await read(context, number)
  const { headCommit: head } = found.pullRequest
  if (head === undefined) {
    const reason = 'the head commit is missing'
    throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  const latest = new Map<string, AnswerReader>()
  const keep = (status: AnswerReader): void => {
    const name = nameOf(status)
    const before = latest.get(name)
    if (before === undefined || before.number('id') < status.number('id')) latest.set(name, status)
  }
  const commit = { url: `${target.gitUrl}/commits/${head}/statuses`, query: { latestOnly: 'true' } }
  const names = { top: 'top', skip: 'skip' }
  const items = pagesOf((one) => send(context, one), commit, 'list of statuses', names)
  for await (const status of items) keep(status)
  const own = new Map(latest)
  latest.clear()
  const answer = await send(context, { url: `${target.gitUrl}/pullRequests/${number}/statuses` })
  readAnswer(answer, 'list of statuses').list('value').forEach(keep)
  const statuses = [...new Map([...own, ...latest]).values()].flatMap(statusCheck)
  const posted = new Set(statuses.map(({ name }) => name))
  const policies = (await policiesOf(context, found)).flatMap(({ kind, name, status }): readonly Check[] => {
    // A policy that waits for a status says nothing more than the status does.
    if (kind !== 'build' && (kind !== 'status' || posted.has(name))) return []
    return [{ name, state: policyStates.get(status) ?? 'failure' }]
  })
  const all = [...statuses, ...policies]
  return checksOf(head, all)
}

function nameOf(status: AnswerReader): string {
  const context = status.record('context')
  const genre = context.optionalText('genre') ?? ''
  return genre === '' ? context.text('name') : `${genre}/${context.text('name')}`
}

const statusStates: ReadonlyMap<string, CheckState> = new Map([
  ['pending', 'pending'],
  ['succeeded', 'success'],
  ['notApplicable', 'neutral'],
])
const policyStates: ReadonlyMap<string, CheckState> = new Map([
  ['queued', 'pending'],
  ['running', 'pending'],
  ['approved', 'success'],
  ['notApplicable', 'neutral'],
])

/** `notSet` is what is left of one that was taken back. */
function statusCheck(status: AnswerReader): readonly Check[] {
  const state = status.text('state')
  if (state === 'notSet') return []
  return [
    {
      name: nameOf(status),
      state: statusStates.get(state) ?? 'failure',
      ...optional('url', status.optionalText('targetUrl')),
      ...optional('description', status.optionalText('description')),
    },
  ]
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string }
}
