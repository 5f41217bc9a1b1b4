import { gitErrors, type FileMode, type GitRepository, type TreeChange, type TreeEntry } from '@lg/git'
import type { FileDiff } from '@lg/pull-request'
import type { CallOptions } from '@lg/runtime'
import { formatPatch, structuredPatch, type StructuredPatchHunk } from 'diff'

/** Larger texts are named but not shown; bytes. */
const textLimit = 1024 * 1024

/** Lines that may differ before the search for the smallest difference is given up. */
const editLimit = 2000

const modes: Readonly<Record<FileMode, string>> = {
  file: '100644',
  executable: '100755',
  symlink: '120000',
  submodule: '160000',
}

/** One changed path with its text on both sides and its patch. */
export async function diffFile(
  git: GitRepository,
  change: TreeChange,
  options: CallOptions,
): Promise<FileDiff> {
  const { type, path } = change
  const [before, after] = await Promise.all([
    change.type === 'added' ? undefined : readText(git, change.before, options),
    change.type === 'deleted' ? undefined : readText(git, change.after, options),
  ])
  const omitted = before?.omitted ?? after?.omitted
  if (omitted !== undefined) return { type, path, omitted }
  return {
    type,
    path,
    ...(before !== undefined && { before: before.text }),
    ...(after !== undefined && { after: after.text }),
    patch: formatFilePatch(change, before?.text ?? '', after?.text ?? ''),
  }
}

interface FileText {
  readonly text: string
  readonly omitted?: FileDiff['omitted']
}

async function readText(
  git: GitRepository,
  { oid, mode }: TreeEntry,
  { signal }: CallOptions,
): Promise<FileText> {
  if (mode === 'submodule') return { text: `Subproject commit ${oid}\n` }
  try {
    return decodeText(await git.readBlob(oid, { limit: textLimit, signal }))
  } catch (error) {
    if (gitErrors.is(error, 'BLOB_TOO_LARGE')) return { text: '', omitted: 'tooLarge' }
    throw error
  }
}

function decodeText(bytes: Uint8Array): FileText {
  if (bytes.includes(0)) return { text: '', omitted: 'binary' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { text: '', omitted: 'binary' }
  }
}

/** As `git diff` writes it. Pure. */
export function formatFilePatch(change: TreeChange, before: string, after: string): string {
  const [a, b] = [`a/${change.path}`, `b/${change.path}`]
  const oldMode = change.type === 'added' ? undefined : modes[change.before.mode]
  const newMode = change.type === 'deleted' ? undefined : modes[change.after.mode]
  return formatPatch({
    isGit: true,
    oldFileName: change.type === 'added' ? '/dev/null' : a,
    newFileName: change.type === 'deleted' ? '/dev/null' : b,
    oldHeader: undefined,
    newHeader: undefined,
    isCreate: change.type === 'added',
    isDelete: change.type === 'deleted',
    ...(oldMode !== newMode && { ...(oldMode && { oldMode }), ...(newMode && { newMode }) }),
    hunks: hunksBetween(before, after),
  })
}

function hunksBetween(before: string, after: string): StructuredPatchHunk[] {
  const found = structuredPatch('', '', before, after, undefined, undefined, {
    context: 3,
    maxEditLength: editLimit,
  })
  if (found !== undefined) return found.hunks
  // Too different to search: everything out, everything in.
  const [out] = structuredPatch('', '', before, '').hunks
  const [into] = structuredPatch('', '', '', after).hunks
  const lines = [...(out?.lines ?? []), ...(into?.lines ?? [])]
  return [{ oldStart: 1, oldLines: out?.oldLines ?? 0, newStart: 1, newLines: into?.newLines ?? 0, lines }]
}
