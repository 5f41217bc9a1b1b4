import { runtimeErrors } from '@lg/runtime'
import {
  formatPath,
  formatYaml,
  isYamlEditError,
  planEdit,
  planReconcile,
  type Change,
  type CommentMode,
  type LedgerEntry as PlacedComment,
  type MergeKeys,
  type YamlPlan,
} from '@lg/yaml-edit'
import { carryComments } from './carry-comments.ts'
import { serializerErrors } from './errors.ts'
import type { LedgerEntry } from './ledger.ts'
import type { MovedField } from './moved-fields.ts'

/** One range of the source text, and what stands there in the new one. */
export type TextChange = Change

export interface ReconciledText {
  readonly text: string
  readonly changes: readonly TextChange[]
  readonly ledger: readonly LedgerEntry[]
}

export interface ReconcileTextOptions {
  /** Its number in the text. */
  readonly document: number
  /** Fields of the text that the value has elsewhere. */
  readonly moved: readonly MovedField[]
  readonly comments: CommentMode
  readonly aliases: 'refuse' | 'expand'
  /** The keys that tell the items of lists apart. */
  readonly mergeKeys: MergeKeys | undefined
}

/**
 * Conventional YAML for a new object.
 *
 * @throws {LgError} `NOT_SERIALIZABLE`.
 */
export function newYamlText(value: unknown): string {
  return guard(() => formatYaml(value))
}

/**
 * The text of a YAML document whose value equals `value`; all other bytes as they were.
 *
 * @throws {LgError} `EDIT_REFUSED`, `NOT_KEPT` with `comments: 'strict'`, `NOT_SERIALIZABLE`.
 */
export function reconcileYamlText(
  text: string,
  value: unknown,
  options: ReconcileTextOptions,
): ReconciledText {
  const { document, moved, comments, aliases, mergeKeys } = options
  return guard(() => {
    const [renames, moves] = [moved.filter(isRename), moved.filter((field) => !isRename(field))]
    const edits = renames.map(({ from, to }) => ({
      op: 'rename' as const,
      path: from,
      to: String(to.at(-1)),
    }))
    const renamed = edits.length === 0 ? undefined : planEdit(text, edits, { document })
    const plan = planReconcile(renamed?.text ?? text, value, {
      document,
      comments,
      aliases,
      ...(mergeKeys && { mergeKeys }),
    })
    const carried = moves.length === 0 ? undefined : carryComments(text, plan.text, moves)
    const result = carried?.text ?? plan.text
    return {
      text: result,
      changes: joinChanges(text, result, renamed === undefined ? [plan] : [renamed, plan]),
      ledger: plan.ledger.filter(({ line }) => carried?.lines.has(line) !== true).map(toLedger),
    }
  })
}

const isRename = ({ from, to }: MovedField): boolean =>
  from.length === to.length && from.slice(0, -1).every((part, index) => part === to[index])

/** The changes of both plans; those of the second count offsets in the text of the first, so they become one range. */
function joinChanges(source: string, text: string, plans: readonly YamlPlan[]): readonly TextChange[] {
  const [only, ...others] = plans.filter(({ changes }) => changes.length > 0)
  if (others.length === 0 && (only === undefined || only.text === text)) return only?.changes ?? []
  let start = 0
  while (start < source.length && source[start] === text[start]) start++
  let tail = 0
  const most = Math.min(source.length, text.length) - start
  while (tail < most && source.at(-1 - tail) === text.at(-1 - tail)) tail++
  const line = source.slice(0, start).split('\n').length
  const end = source.length - tail
  return [{ start, end, line, text: text.slice(start, text.length - tail), action: 'rewrite', path: [] }]
}

const outcomes = {
  deleted: ['COMMENT_DELETED', 'went with what it described'],
  kept: ['COMMENT_MOVED', 'stands above its parent now'],
  top: ['COMMENT_MOVED', 'stands at the top of the document now'],
  dropped: ['COMMENT_DROPPED', 'was left out'],
} as const satisfies Record<PlacedComment['outcome'], readonly [string, string]>

function toLedger({ comment, line, path, outcome }: PlacedComment): LedgerEntry {
  const [code, what] = outcomes[outcome]
  return {
    code,
    message: `line ${line}: the comment ${JSON.stringify(comment)} at ${formatPath(path)} ${what}`,
    path,
  }
}

/** Runs an edit, and gives its refusals the codes of this package. */
function guard<T>(edit: () => T): T {
  try {
    return edit()
  } catch (error) {
    if (!isYamlEditError(error)) throw error
    if (isYamlEditError(error, 'UNSUPPORTED_VALUE')) {
      const { path } = error.details
      const details = { path, reason: error.message }
      throw runtimeErrors.create('NOT_SERIALIZABLE', `Cannot write as YAML: ${error.message}`, details, {
        cause: error,
      })
    }
    if (isYamlEditError(error, 'COMMENT_LOST')) {
      const ledger = error.details.comments.map(({ text, line }): LedgerEntry => ({
        code: 'COMMENT_DROPPED',
        message: `line ${line}: the comment ${JSON.stringify(text)} has no place in the new text`,
      }))
      throw serializerErrors.create('NOT_KEPT', error.message, { ledger }, { cause: error })
    }
    const message = `The stored text cannot be edited to hold the object: ${error.message}`
    throw serializerErrors.create('EDIT_REFUSED', message, { reason: error.code }, { cause: error })
  }
}
