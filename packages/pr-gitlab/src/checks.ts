import { createPullRequestError, type Check, type Checks, type CheckState } from '@lg/pull-request'
import { checksOf } from '@lg/pull-request/hosted'
import type { AnswerReader } from '@lg/pull-request/http'
import { listOf } from './api.ts'
import type { HostContext } from './host-context.ts'
import { noneWhereGone, read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** Jobs of pipelines, and what others say of a commit, are one to GitLab: commit statuses. */
export async function checks(context: HostContext, number: number): Promise<Checks> {
  const found = await read(context, number)
  const { headCommit: head } = found.pullRequest
  if (head === undefined) {
    const reason = 'the head commit is missing'
    throw createPullRequestError('BAD_RESPONSE', reason, context.place, { number, reason })
  }
  const pipeline = headPipeline(found, head)
  // A pipeline of the merged result runs on a commit of its own.
  const commits = new Set([head, pipeline?.text('sha') ?? head])
  const statuses = await statusesOf(context, found, commits)
  const all = statuses.map(statusCheck)
  // It is being made, or its file is not valid.
  const isBare = !statuses.some((status) => status.value['pipeline_id'] === pipeline?.value['id'])
  if (pipeline !== undefined && isBare) all.push(pipelineCheck(pipeline))
  return checksOf(head, all)
}

function headPipeline({ answer }: HostPullRequest, head: string): AnswerReader | undefined {
  const pipeline = answer.optionalRecord('head_pipeline')
  const merged = /^refs\/merge-requests\/\d+\/(?:merge|train)$/.test(pipeline?.optionalText('ref') ?? '')
  // GitLab may not have caught up with the last push.
  return merged || pipeline?.text('sha') === head ? pipeline : undefined
}

/** Pipelines of a fork run in the fork, or on request in the project that the change is for. */
async function statusesOf(
  { api }: HostContext,
  { sourceProject, targetProject }: HostPullRequest,
  commits: ReadonlySet<string>,
): Promise<readonly AnswerReader[]> {
  const statuses = new Map<number, AnswerReader>()
  for (const project of new Set([targetProject, sourceProject ?? targetProject])) {
    for (const commit of commits) {
      const pages = listOf('commit status', (page) => api.commits.allStatuses(project, commit, page))
      try {
        for await (const status of pages) statuses.set(status.number('id'), status)
      } catch (error) {
        // A commit of a fork need not be in the other project.
        if (sourceProject === targetProject && commits.size === 1) throw error
        noneWhereGone(error)
      }
    }
  }
  return [...statuses.values()]
}

function pipelineCheck(pipeline: AnswerReader): Check {
  const url = pipeline.optionalText('web_url')
  return { name: 'pipeline', state: stateOf(pipeline), ...(url !== undefined && { url }) }
}

function statusCheck(status: AnswerReader): Check {
  const [url, description] = [status.optionalText('target_url'), status.optionalText('description')]
  return {
    name: status.text('name'),
    state: stateOf(status),
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
  }
}

const states: ReadonlyMap<string, CheckState> = new Map([
  ['success', 'success'],
  ['failed', 'failure'],
  ['canceled', 'failure'],
  ['skipped', 'neutral'],
  ['manual', 'neutral'],
])

function stateOf(status: AnswerReader): CheckState {
  const state = states.get(status.text('status')) ?? 'pending'
  const mayFail = status.value['allow_failure'] === true
  return state === 'failure' && mayFail ? 'neutral' : state
}
