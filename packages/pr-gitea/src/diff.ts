import { createPullRequestError, type FileDiff, type PullRequestDiff } from '@lg/pull-request'
import { paramsOf, type HostContext } from './host-context.ts'
import { read } from './read.ts'

/** Gitea gives what Git gives: one text, with all files. */
export async function diff(context: HostContext, number: number): Promise<PullRequestDiff> {
  const { api, target, call, place } = context
  const { pullRequest, mergeBase, baseCommit } = await read(context, number)
  const [from, to] = [mergeBase ?? baseCommit, pullRequest.headCommit]
  if (from === undefined || to === undefined) {
    const reason = 'the commits of head and base are missing'
    throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  const params = { ...paramsOf(call), format: 'text', headers: { accept: 'text/plain' } } as const
  const answer = await api.repos.repoDownloadPullDiffOrPatch(...target, number, 'diff', {}, params)
  const text: unknown = answer.data
  if (typeof text !== 'string' || !/^(?:diff --git |$)/.test(text)) {
    const reason = 'it is no diff of Git; check the address of the API'
    throw createPullRequestError('BAD_RESPONSE', reason, place, { number, reason })
  }
  const files = filesOf(text).toSorted((one, other) => (one.path < other.path ? -1 : 1))
  return { from, to, files, truncated: false }
}

/** Parts a diff by its files. Lines of contents begin with a sign of their own, so no header is mistaken. Pure. */
function filesOf(text: string): readonly FileDiff[] {
  return text
    .split(/^(?=diff --git )/m)
    .filter((part) => part !== '')
    .map(toFileDiff)
}

function toFileDiff(patch: string): FileDiff {
  const [header = ''] = patch.split(/^(?=@@ )/m, 1)
  const line = (opening: string): string | undefined =>
    header.match(new RegExp(`^${opening}(.*)$`, 'm'))?.[1] ?? undefined
  const renamedFrom = line('rename from ')
  const [before, after] = [sideOf(line('--- ')), sideOf(line('\\+\\+\\+ '))]
  const target = line('rename to ') ?? line('copy to ')
  const path =
    target === undefined ? (after ?? before ?? nameOf(line('diff --git ') ?? '')) : unquoted(target)
  const type =
    renamedFrom !== undefined ? 'renamed'
    : line('new file mode ') !== undefined || line('copy from ') !== undefined ? 'added'
    : line('deleted file mode ') !== undefined ? 'deleted'
    : 'modified'
  return {
    type,
    path,
    ...(renamedFrom !== undefined && { previousPath: unquoted(renamedFrom) }),
    ...(line('Binary files ') === undefined ? { patch } : { omitted: 'binary' }),
  }
}

/** `a/car.yaml`, maybe quoted, and with a tabulator behind it where it has a space. */
function sideOf(text: string | undefined): string | undefined {
  if (text === undefined || text.startsWith('/dev/null')) return undefined
  return unquoted(text.replace(/\t$/, '')).replace(/^[ab]\//, '')
}

/** Without any other line that names it, both sides have the same name: `a/x b/x`, each quoted where need be. */
function nameOf(text: string): string {
  const half = text.slice(0, (text.length - 1) / 2)
  return unquoted(half).replace(/^a\//, '')
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }

/** What Git writes in quotes: bytes as octal numbers, and the escapes of C. */
function unquoted(text: string): string {
  if (!/^".*"$/.test(text)) return text
  const bytes: number[] = []
  for (const [part, octal, letter] of text.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/g)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8))
    else if (letter !== undefined && escapes[letter] !== undefined) bytes.push(escapes[letter])
    else bytes.push(...new TextEncoder().encode(letter ?? part))
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}
