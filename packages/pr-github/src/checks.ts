import { createPullRequestError, type Check, type Checks, type CheckState } from '@lg/pull-request'
import { checksOf } from '@lg/pull-request/hosted'
import { hasNextPage, itemsOf, readAnswer, type AnswerReader, type Page } from '@lg/pull-request/http'
import type { HostContext } from './host-context.ts'
import { pageSize, read } from './read.ts'

/** GitHub has two kinds: commit statuses, and check runs of apps. */
export async function checks(context: HostContext, number: number): Promise<Checks> {
  const { api, target, place } = context
  const { headCommit: head } = (await read(context, number)).pullRequest
  if (head === undefined) {
    const reason = 'the head commit is missing'
    throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  const request = { ...target, ref: head, per_page: pageSize }
  const statuses = itemsOf(async (page): Promise<Page<AnswerReader>> => {
    const { data, headers } = await api.rest.repos.getCombinedStatusForRef({ ...request, page })
    return { items: readAnswer(data, 'status').list('statuses'), more: hasNextPage(headers.link) }
  })
  const runs = itemsOf(async (page): Promise<Page<AnswerReader>> => {
    const { data, headers } = await api.rest.checks.listForRef({ ...request, page })
    return {
      items: readAnswer(data, 'list of check runs').list('check_runs'),
      more: hasNextPage(headers.link),
    }
  })
  const found: Check[] = []
  for await (const status of statuses) found.push(statusCheck(status))
  for await (const run of runs) found.push(runCheck(run))
  return checksOf(head, found)
}

function statusCheck(status: AnswerReader): Check {
  const state = status.text('state')
  return {
    name: status.text('context'),
    state: state === 'success' || state === 'pending' ? state : 'failure',
    ...optional('url', status.optionalText('target_url')),
    ...optional('description', status.optionalText('description')),
  }
}

function runCheck(run: AnswerReader): Check {
  return {
    name: run.text('name'),
    state: run.text('status') === 'completed' ? conclusionState(run.optionalText('conclusion')) : 'pending',
    ...optional('url', run.optionalText('html_url')),
    ...optional('description', run.optionalRecord('output')?.optionalText('title')),
  }
}

function conclusionState(conclusion: string | undefined): CheckState {
  if (conclusion === 'success') return 'success'
  return conclusion === 'neutral' || conclusion === 'skipped' ? 'neutral' : 'failure'
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string }
}
