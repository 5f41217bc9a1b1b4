import { createPullRequestError, type FileDiff, type PullRequestDiff } from '@lg/pull-request'
import { httpErrors, readAnswer, refusalOf, type AnswerReader } from '@lg/pull-request/http'
import { formatFilePatch } from './file-patch.ts'
import { send, type HostContext } from './host-context.ts'
import { read } from './read.ts'

/** What the server gives at most at once. */
const pageSize = 2000

/** Files whose texts are read; of more, only the names are told. Each is up to two requests. */
const textFiles = 300

/** Files that are read at once. */
const batch = 8

/** Every push to the head is an iteration; the last one has what there is now. */
export async function diff(context: HostContext, number: number): Promise<PullRequestDiff> {
  const { target, place } = context
  await read(context, number)
  const url = `${target.gitUrl}/pullRequests/${number}/iterations`
  const iterations = readAnswer(await send(context, { url }), 'list of iterations').list('value')
  const last = iterations.toSorted((one, other) => one.number('id') - other.number('id')).at(-1)
  if (last === undefined) {
    const reason = 'there are no iterations'
    throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  const to = last.record('sourceRefCommit').oid('commitId')
  const from = (last.optionalRecord('commonRefCommit') ?? last.record('targetRefCommit')).oid('commitId')
  const changes = await changesOf(context, `${url}/${last.number('id')}/changes`)
  changes.sort((one, other) => (one.path < other.path ? -1 : 1))
  const files: FileDiff[] = []
  for (let start = 0; start < changes.length; start += batch) {
    const some = changes.slice(start, start + batch)
    const read = some.map((change, index) => readFile(context, change, start + index < textFiles))
    files.push(...(await Promise.all(read)))
  }
  return { from, to, files, truncated: false }
}

interface Change {
  readonly type: FileDiff['type']
  readonly path: string
  readonly previousPath: string | undefined
  /** Names of the blobs. */
  readonly before: string | undefined
  readonly after: string | undefined
}

async function changesOf(context: HostContext, url: string): Promise<Change[]> {
  const changes: Change[] = []
  for (let skip: number | undefined = 0; skip !== undefined;) {
    const query = { $top: pageSize, $skip: skip, $compareTo: 0 }
    const page = readAnswer(await send(context, { url, query }), 'list of changes')
    changes.push(...page.list('changeEntries').map(toChange))
    const next = page.value['nextSkip']
    skip = typeof next === 'number' && next > skip ? next : undefined
  }
  return changes
}

/** The kinds of one change stand in one text: `edit, rename`. A file that is gone has only its original path. */
function toChange(entry: AnswerReader): Change {
  const item = entry.record('item')
  const kinds = entry.text('changeType').split(/,\s*/)
  const [now, original] = [item.optionalText('path'), entry.optionalText('originalPath')].map(withoutSlash)
  const path = now ?? original ?? withoutSlash(item.text('path')) ?? ''
  const isRenamed = kinds.includes('rename') && original !== undefined && original !== path
  const type: FileDiff['type'] =
    kinds.includes('delete') ? 'deleted'
    : isRenamed ? 'renamed'
    : kinds.includes('add') ? 'added'
    : 'modified'
  return {
    type,
    path,
    previousPath: isRenamed ? original : undefined,
    before: type === 'added' ? undefined : item.text('originalObjectId'),
    after: type === 'deleted' ? undefined : item.text('objectId'),
  }
}

function withoutSlash(path: string | undefined): string | undefined {
  return path?.replace(/^\//, '')
}

async function readFile(context: HostContext, change: Change, withText: boolean): Promise<FileDiff> {
  const { type, path, previousPath } = change
  const shape = { type, path, ...(previousPath !== undefined && { previousPath }) }
  if (!withText) return { ...shape, omitted: 'tooLarge' }
  const [before, after] = await Promise.all([
    readText(context, change.before),
    readText(context, change.after),
  ])
  const omitted = before?.omitted ?? after?.omitted
  if (omitted !== undefined) return { ...shape, omitted }
  return {
    ...shape,
    ...(before !== undefined && { before: before.text }),
    ...(after !== undefined && { after: after.text }),
    patch: formatFilePatch(shape, before?.text ?? '', after?.text ?? ''),
  }
}

interface Text {
  readonly text: string
  readonly omitted?: FileDiff['omitted']
}

/** `undefined`: there is no file on this side. */
async function readText(context: HostContext, blob: string | undefined): Promise<Text | undefined> {
  if (blob === undefined) return undefined
  const { api, target, call } = context
  try {
    const query = { $format: 'octetstream' }
    return decode(await api.bytes({ url: `${target.gitUrl}/blobs/${blob}`, query }, call.signal))
  } catch (error) {
    // More than the limit of an answer.
    if (httpErrors.is(error, 'BAD_ANSWER')) return { text: '', omitted: 'tooLarge' }
    // A submodule names a commit of another repository.
    if (refusalOf(error)?.status === 404) return { text: '', omitted: 'binary' }
    throw error
  }
}

function decode(bytes: Uint8Array): Text {
  if (bytes.includes(0)) return { text: '', omitted: 'binary' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { text: '', omitted: 'binary' }
  }
}
