import { createPullRequestError, type FileDiff, type PullRequestDiff } from '@lg/pull-request'
import { patchOfHunks } from '@lg/pull-request/hosted'
import type { AnswerReader } from '@lg/pull-request/http'
import { listOf } from './api.ts'
import type { HostContext } from './host-context.ts'
import { readSettled } from './mergeability.ts'
import type { HostPullRequest } from './to-pull-request.ts'

export async function diff(context: HostContext, number: number): Promise<PullRequestDiff> {
  const { api, project, place } = context
  const refsOf = ({ answer }: HostPullRequest): AnswerReader | undefined => answer.optionalRecord('diff_refs')
  const found = await readSettled(context, number, (one) => refsOf(one) !== undefined)
  const refs = refsOf(found)
  if (refs === undefined) {
    const reason = 'the host has not worked the diff out yet; try again'
    throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  const files: FileDiff[] = []
  const pages = listOf('changed file', (page) => api.mergeRequests.allDiffs(project, number, page))
  for await (const entry of pages) files.push(toFileDiff(entry))
  files.sort((one, other) => (one.path < other.path ? -1 : 1))
  // GitLab says "1000+" where it has given up.
  const truncated = (found.answer.optionalText('changes_count') ?? '').endsWith('+')
  return { from: refs.oid('base_sha'), to: refs.oid('head_sha'), files, truncated }
}

function toFileDiff(file: AnswerReader): FileDiff {
  const [path, previousPath] = [file.text('new_path'), file.text('old_path')]
  const is = (field: string): boolean => file.value[field] === true
  const type =
    is('new_file') ? 'added'
    : is('deleted_file') ? 'deleted'
    : is('renamed_file') ? 'renamed'
    : 'modified'
  const shape: FileDiff = { type, path, ...(type === 'renamed' && { previousPath }) }
  const hunks = file.text('diff').replace(/^--- [^\n]*\n\+\+\+ [^\n]*\n/, '')
  if (hunks.startsWith('Binary files ')) return { ...shape, omitted: 'binary' }
  if (is('too_large') || is('collapsed')) return { ...shape, omitted: 'tooLarge' }
  const modes = { before: file.optionalText('a_mode'), after: file.optionalText('b_mode') }
  return { ...shape, patch: patchOfHunks(shape, hunks, modes) }
}
