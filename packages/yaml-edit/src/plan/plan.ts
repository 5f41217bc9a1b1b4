import { YamlEditError } from '../errors.ts'
import { detectStyle } from '../format/detect-style.ts'
import type { Style } from '../format/render.ts'
import { type Path, formatPath } from '../path.ts'
import { type PlainValue, toPlainValue } from '../plain-value.ts'
import { nextLineAt, positionAt } from '../position.ts'
import { type DocumentRange, splitDocuments } from '../stream/documents.ts'
import { streamText } from '../stream/stream-text.ts'
import type { Node } from '../syntax/node.ts'
import { parseDocument } from '../syntax/parse-document.ts'
import { guardAliases } from './alias-guard.ts'
import { type YamlEdit, applyEdits } from './apply-edits.ts'
import { diffNode } from './diff.ts'
import type { AliasMode, DiffContext, MergeKeys } from './diff-context.ts'
import { write } from './write-plan.ts'
import { valueWithFollowers } from './follow-aliases.ts'
import type { CommentMode, LedgerEntry } from './ledger.ts'
import type { ChangeAction } from './splices.ts'
import type { Target } from './target.ts'

/** What every kind of edit can be told. */
export interface EditOptions {
  /** Which document of the stream, every one counted from 0, empty ones too. Default: 0. */
  readonly document?: number
  /** What happens to comments inside something that is written anew. Default: `keep`. */
  readonly comments?: CommentMode
  /**
   * What an edit does that goes through an alias, or changes what aliases stand for: `refuse` it with the
   * error `ALIAS`; change the `anchor`, and so the value at every place where it shows; or `expand` the
   * alias, so that the edit touches one place only. Default: `refuse`. A value to reconcile with says by
   * itself what each place is to be; there `anchor` is as `refuse`.
   */
  readonly aliases?: AliasMode
}

/** How stored and wanted values are matched. */
export interface ReconcileOptions extends EditOptions {
  /** The keys that tell the items of a list apart, by the path of the list. */
  readonly mergeKeys?: MergeKeys
}

/** One range of the stored text, and what stands there in the new one. */
export interface Change {
  /** Offsets in the stored text, in UTF-16 code units. */
  readonly start: number
  readonly end: number
  /** The line of the stored text on which the range begins, from 1. */
  readonly line: number
  readonly text: string
  readonly action: ChangeAction
  /** The value that it belongs to. */
  readonly path: Path
  /** Why a whole block is written anew where a smaller change was not possible. */
  readonly reason?: string
}

/** A finished edit that nothing was done with yet. */
export interface YamlPlan {
  /** The new text of the whole stream. */
  readonly text: string
  /** Sorted, without overlaps; empty when the text is as wanted already. */
  readonly changes: readonly Change[]
  /** Every comment that is not where it was. */
  readonly ledger: readonly LedgerEntry[]
}

/**
 * Plans edits of one document: what {@link editYaml} does, with the ranges that change and the comments
 * that could not stay. The edits are made in their order, the later see what the earlier did.
 *
 * @throws {YamlEditError} as {@link editYaml}.
 */
export function planEdit(text: string, edits: readonly YamlEdit[], options: EditOptions = {}): YamlPlan {
  return plan(text, options, (context, root) => applyEdits(context, root, edits))
}

/**
 * Plans the change that makes the value of one document equal `value`; see {@link reconcileYaml}.
 *
 * @throws {YamlEditError} as {@link reconcileYaml}.
 */
export function planReconcile(text: string, value: unknown, options: ReconcileOptions = {}): YamlPlan {
  const wanted = toPlainValue(value)
  return plan(text, options, (context, root) => diffNode(context, root, wanted, []), wanted)
}

/**
 * Changes values in a YAML text and nothing else: every other byte, comments, quotes, indentation and
 * line ends included, stays. What the new text reads as is checked before it is returned.
 *
 * **set** on a scalar keeps its quotes, its comment and the gap before it, or the column of the comment
 * where comments stand in one; on an absent key it appends after the last entry, in the style of the map;
 * absent parents become block maps. **append** adds the item last. **delete** takes the entry's lines, the
 * comments in it and directly above it, and a blank line where one would be too many; the last entry leaves
 * `{}`, the last item `[]`. **rename** changes only the key.
 *
 * @throws {YamlEditError} `SYNTAX`, `DUPLICATE_KEY` and the other codes of reading when the document is
 *   broken; `NO_SUCH_DOCUMENT`, `NO_SUCH_PATH`, `KEY_EXISTS`; `UNSUPPORTED_VALUE`; `ALIAS`;
 *   `COMMENT_LOST` with `comments: 'strict'`; `UNSUPPORTED_EDIT` when no text was found that reads as wanted.
 *
 * @example
 * ```ts
 * editYaml('replicas: 3 # two are not enough\n', [{ op: 'set', path: ['replicas'], value: 5 }])
 * // 'replicas: 5 # two are not enough\n'
 * ```
 */
export function editYaml(text: string, edits: readonly YamlEdit[], options: EditOptions = {}): string {
  return planEdit(text, edits, options).text
}

/**
 * The text whose value equals `value`, made from `text` with the smallest difference. Map entries are
 * matched by key, list items by merge keys, by a unique `name`, `key` or `id`, or by content; items that
 * moved and keys that were renamed take their comments along. What is equal already, such as `1.0` and
 * `1`, or the same string in other quotes, is not touched. The order of keys is not part of a value.
 *
 * @throws {YamlEditError} as {@link editYaml}.
 *
 * @example
 * ```ts
 * reconcileYaml('a: 1 # one\nb: 2\n', { a: 1, c: 3 }) // 'a: 1 # one\nc: 3\n'
 * ```
 */
export function reconcileYaml(text: string, value: unknown, options: ReconcileOptions = {}): string {
  return planReconcile(text, value, options).text
}

function plan(
  text: string,
  options: ReconcileOptions,
  makeTarget: (context: DiffContext, root: Node) => Target,
  wanted?: PlainValue,
): YamlPlan {
  const document = options.document ?? 0
  const ranges = splitDocuments(text)
  const range = ranges[document]
  if (range === undefined) {
    const message = `the text has ${ranges.length} documents, none of number ${document} (they count from 0)`
    throw new YamlEditError('NO_SUCH_DOCUMENT', message, { document, documents: ranges.length })
  }
  const tree = parseDocument(text, range)
  const error = tree.errors[0]
  if (error !== undefined) throw error
  const context: DiffContext = {
    text,
    document,
    mergeKeys: options.mergeKeys,
    aliases: options.aliases ?? 'refuse',
    wanted: new Map(),
  }
  const made = makeTarget(context, tree.root)
  const follow = wanted === undefined && context.aliases === 'anchor'
  const target = tree.plain ? made : guarded(context, tree.root, made, wanted === undefined && !follow)
  const value = follow && !tree.plain ? valueWithFollowers(context, target) : wanted
  let found: Style | undefined
  const style = (): Style => (found ??= detectStyle(text, tree.root))
  const written = write({
    text,
    range,
    tree,
    target,
    wanted: value,
    comments: options.comments ?? 'keep',
    style,
  })
  if (written === undefined) throw unsupported(text, range, document)
  const { length } = written.splices
  const lineOf = length > 8 ? streamText(text).positionAt : (offset: number) => positionAt(text, offset)
  return {
    text: written.text,
    changes: written.splices.map(({ start, end, ...rest }) => ({
      start,
      end,
      line: lineOf(start).line,
      ...rest,
    })),
    ledger: written.ledger,
  }
}

function guarded(context: DiffContext, root: Node, target: Target, changes: boolean): Target {
  return hasAlias(root) ? guardAliases(context, target, changes) : target
}

function hasAlias(node: Node): boolean {
  if (node.kind === 'map')
    return node.entries.some((entry) => hasAlias(entry.value) || hasAlias(entry.keyNode))
  if (node.kind === 'list') return node.items.some((item) => hasAlias(item.value))
  return node.kind === 'alias'
}

function unsupported(text: string, range: DocumentRange, document: number): YamlEditError {
  const position = positionAt(text, Math.min(nextLineAt(text, range.contentStart), text.length))
  const message =
    `no way was found to write the edit of document ${document} (line ${position.line}, at ${formatPath([])}) ` +
    'so that it reads back as wanted'
  return new YamlEditError('UNSUPPORTED_EDIT', message, { path: [], document })
}
