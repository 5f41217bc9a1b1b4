import type { FileDiff } from '@lg/pull-request'
import { formatPatch, structuredPatch, type StructuredPatchHunk } from 'diff'

/** Lines that may differ before the search for the smallest difference is given up. */
const editLimit = 2000

/** As `git diff` writes it. Modes are not told: usual files are assumed. Pure. */
export function formatFilePatch(
  { type, path, previousPath = path }: Pick<FileDiff, 'type' | 'path' | 'previousPath'>,
  before: string,
  after: string,
): string {
  return formatPatch({
    isGit: true,
    oldFileName: type === 'added' ? '/dev/null' : `a/${previousPath}`,
    newFileName: type === 'deleted' ? '/dev/null' : `b/${path}`,
    oldHeader: undefined,
    newHeader: undefined,
    isCreate: type === 'added',
    isDelete: type === 'deleted',
    isRename: type === 'renamed',
    ...(type === 'added' && { newMode: '100644' }),
    ...(type === 'deleted' && { oldMode: '100644' }),
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
