import { createPullRequestError, type FileDiff, type PullRequestDiff } from '@lg/pull-request'
import { patchOfHunks } from '@lg/pull-request/hosted'
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

const types: ReadonlyMap<string, FileDiff['type']> = new Map([
  ['added', 'added'],
  ['removed', 'deleted'],
  ['renamed', 'renamed'],
  ['copied', 'added'],
])
const emptyBlob =
  /^(?:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391|473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813)$/

function toFileDiff(file: AnswerReader): FileDiff {
  const path = file.text('filename')
  const previous = file.optionalText('previous_filename')
  const type = types.get(file.text('status')) ?? 'modified'
  const hunks = file.optionalText('patch')
  const changes = file.number('changes')
  const shape: FileDiff = {
    type,
    path,
    ...(type === 'renamed' && previous !== undefined && { previousPath: previous }),
  }
  const isEmpty = changes === 0 && (type === 'renamed' || emptyBlob.test(file.optionalText('sha') ?? ''))
  if (hunks === undefined && !isEmpty) return { ...shape, omitted: changes === 0 ? 'binary' : 'tooLarge' }
  return { ...shape, patch: patchOfHunks(shape, hunks ?? '') }
}
