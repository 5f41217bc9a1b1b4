import type { FileDiff } from '../diff.ts'

/** What Git calls the kind of a file: `100644`. */
export interface FileModes {
  readonly before?: string | undefined
  readonly after?: string | undefined
}

/**
 * The patch of one file as `git apply` takes it, made of the hunks that some hosts give alone. Pure.
 *
 * @param hunks empty where nothing but name or mode has changed.
 * @param modes where the host tells them. Default: usual files.
 */
export function patchOfHunks(
  { type, path, previousPath = path }: Pick<FileDiff, 'type' | 'path' | 'previousPath'>,
  hunks: string,
  { before: oldMode = '100644', after: newMode = '100644' }: FileModes = {},
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
