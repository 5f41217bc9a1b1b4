import { createPullRequestError, type FileDiff, type PullRequestDiff } from '@lg/pull-request'
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
  return { ...shape, patch: withHeaders({ ...shape, previousPath }, modes, hunks) }
}

interface Modes {
  readonly before: string | undefined
  readonly after: string | undefined
}

/** GitLab gives the hunks alone; `git apply` needs to know the files. */
function withHeaders(
  { type, path, previousPath = path }: FileDiff,
  { before: oldMode = '100644', after: newMode = '100644' }: Modes,
  hunks: string,
): string {
  const [before, after] = [quoted(`a/${previousPath}`), quoted(`b/${path}`)]
  const lines = [`diff --git ${before} ${after}`]
  if (type === 'added') lines.push(`new file mode ${newMode}`)
  else if (type === 'deleted') lines.push(`deleted file mode ${oldMode}`)
  else if (oldMode !== newMode) lines.push(`old mode ${oldMode}`, `new mode ${newMode}`)
  if (type === 'renamed') lines.push(`rename from ${quoted(previousPath)}`, `rename to ${quoted(path)}`)
  if (hunks !== '') {
    lines.push(
      `--- ${type === 'added' ? '/dev/null' : before}`,
      `+++ ${type === 'deleted' ? '/dev/null' : after}`,
    )
    lines.push(hunks.replace(/\n$/, ''))
  }
  return `${lines.join('\n')}\n`
}

/** As Git quotes a path that would else be misread. */
function quoted(path: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/["\\\u0000-\u001f\u007f]/.test(path)) return path
  // oxlint-disable-next-line no-control-regex
  const escaped = path.replace(/["\\]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (sign) => {
    return `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `"${escaped}"`
}
