import { createPullRequestError, type FileDiff, type PullRequestDiff } from '@lg/pull-request'
import { hasNextPage, itemsOf, readAnswer, type AnswerReader, type Page } from '@lg/pull-request/http'
import type { HostContext } from './host-context.ts'
import { pageSize, read } from './read.ts'

/** GitHub lists no more. */
const fileLimit = 3000

export async function diff(context: HostContext, number: number): Promise<PullRequestDiff> {
  const { api, target, place } = context
  const { data } = await api.rest.pulls.get({
    ...target,
    pull_number: (await read(context, number)).pullRequest.number,
  })
  const pull = readAnswer(data, 'pull request')
  const [to, base] = [pull.record('head').oid('sha'), pull.record('base').oid('sha')]
  const compared = await api.rest.repos.compareCommitsWithBasehead({
    ...target,
    basehead: `${base}...${to}`,
    per_page: 1,
  })
  const from = readAnswer(compared.data, 'comparison').record('merge_base_commit').oid('sha')
  const files: FileDiff[] = []
  const items = itemsOf(async (page): Promise<Page<unknown>> => {
    const { data, headers } = await api.rest.pulls.listFiles({
      ...target,
      pull_number: number,
      per_page: pageSize,
      page,
    })
    return { items: data, more: hasNextPage(headers.link) }
  })
  for await (const entry of items) files.push(toFileDiff(readAnswer(entry, 'changed file')))
  if (files.length === 0 && from !== to) {
    const reason = 'the list of changed files is empty'
    if (pull.number('changed_files') > 0)
      throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  files.sort((one, other) => (one.path < other.path ? -1 : 1))
  return { from, to, files, truncated: files.length >= fileLimit }
}

const types: Readonly<Record<string, FileDiff['type']>> = {
  added: 'added',
  removed: 'deleted',
  renamed: 'renamed',
  copied: 'added',
}
const emptyBlob =
  /^(?:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391|473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813)$/

function toFileDiff(file: AnswerReader): FileDiff {
  const path = file.text('filename')
  const previous = file.optionalText('previous_filename')
  const type = types[file.text('status')] ?? 'modified'
  const hunks = file.optionalText('patch')
  const changes = file.number('changes')
  const shape: FileDiff = {
    type,
    path,
    ...(type === 'renamed' && previous !== undefined && { previousPath: previous }),
  }
  const isEmpty = changes === 0 && (type === 'renamed' || emptyBlob.test(file.optionalText('sha') ?? ''))
  if (hunks === undefined && !isEmpty) return { ...shape, omitted: changes === 0 ? 'binary' : 'tooLarge' }
  return { ...shape, patch: withHeaders(shape, hunks) }
}

/** GitHub gives the hunks alone; `git apply` needs to know the files. Modes are not told: usual files are assumed. */
function withHeaders({ type, path, previousPath = path }: FileDiff, hunks: string | undefined): string {
  const [before, after] = [quoted(`a/${previousPath}`), quoted(`b/${path}`)]
  const lines = [`diff --git ${before} ${after}`]
  if (type === 'added') lines.push('new file mode 100644')
  if (type === 'deleted') lines.push('deleted file mode 100644')
  if (type === 'renamed') lines.push(`rename from ${quoted(previousPath)}`, `rename to ${quoted(path)}`)
  if (hunks !== undefined) {
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
