import type { Oid } from '@lg/git'
import { createPullRequestError, type Check, type Checks, type CheckState } from '@lg/pull-request'
import { checksOf } from '@lg/pull-request/hosted'
import { readAnswer, type AnswerReader } from '@lg/pull-request/http'
import { allOf } from './api.ts'
import { paramsOf, type HostContext } from './host-context.ts'
import { read } from './read.ts'

export async function checks(context: HostContext, number: number): Promise<Checks> {
  const { place } = context
  const { headCommit: head } = (await read(context, number)).pullRequest
  if (head === undefined) {
    const reason = 'the head commit is missing'
    throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  return await checksAt(context, head)
}

/** Commit statuses: of each name the last one, for the list holds what was said before as well. */
export async function checksAt({ api, target, call }: HostContext, head: Oid): Promise<Checks> {
  const last = new Map<string, { readonly id: number; readonly check: Check }>()
  const statuses = allOf((page) => api.repos.repoListStatusesByRef(...target, head, page, paramsOf(call)))
  for await (const data of statuses) {
    const status = readAnswer(data, 'commit status')
    const [id, check] = [status.number('id'), toCheck(status)]
    if (id > (last.get(check.name)?.id ?? -1)) last.set(check.name, { id, check })
  }
  const found = [...last.values()].sort((one, other) => one.id - other.id).map(({ check }) => check)
  return checksOf(head, found)
}

const states: ReadonlyMap<string, CheckState> = new Map([
  ['pending', 'pending'],
  ['success', 'success'],
  ['warning', 'neutral'],
  ['skipped', 'neutral'],
])

function toCheck(status: AnswerReader): Check {
  return {
    name: status.text('context'),
    // Not `state`, as at other hosts.
    state: states.get(status.text('status')) ?? 'failure',
    ...optional('url', status.optionalText('target_url')),
    ...optional('description', status.optionalText('description')),
  }
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return (value ? { [name]: value } : {}) as { readonly [Key in Name]?: string }
}
