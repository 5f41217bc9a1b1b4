import type { Path } from './path.ts'

/** Marks every error of the lg packages, so that `isLgError` of `@lg/runtime` recognises this one. */
const mark = Symbol.for('@lg/error')

/** A place in the text. Lines and columns count from 1, in UTF-16 code units; the offset counts from 0. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** The details of each code. */
export interface YamlEditErrors {
  /** The text is not YAML. `reason` is the parser's own code. */
  SYNTAX: Position & { readonly reason: string; readonly document: number }
  /** A key stands twice in one map; `first` is where it stood before. */
  DUPLICATE_KEY: Position & { readonly key: string; readonly first: Position; readonly document: number }
  /** A map, a list or null is used as a key; no JSON object can hold it. `{{ x }}` outside quotes is one. */
  UNSUPPORTED_KEY: Position & { readonly document: number }
  /** NUL, another control character, or half of a surrogate pair. */
  INVALID_CHARACTER: Position & { readonly character: string; readonly document: number }
  /** An alias names no anchor before it, or contains itself, or a `<<` takes no map. */
  INVALID_ALIAS: Position & { readonly anchor: string; readonly document: number }
  /** The aliases of the document expand to more values than the limit. */
  ALIAS_LIMIT: Position & { readonly limit: number; readonly document: number }
  /** More levels of nesting than the limit. */
  TOO_DEEP: Position & { readonly limit: number; readonly document: number }
  /** The stream has no document of that number. */
  NO_SUCH_DOCUMENT: { readonly document: number; readonly documents: number }
  /** Nothing, or something of another kind, stands at the path. */
  NO_SUCH_PATH: { readonly path: Path; readonly document: number }
  /** A rename onto a key that the map already has. */
  KEY_EXISTS: Position & { readonly path: Path; readonly document: number }
  /** The value holds what YAML cannot (a function, a symbol, a cycle); `path` says where. */
  UNSUPPORTED_VALUE: { readonly path: Path }
  /** The edit would change, or needs to go through, an anchor and its aliases; the option `aliases` decides. */
  ALIAS: Position & { readonly path: Path; readonly anchor: string; readonly document: number }
  /** A comment has no place in the new text, and `comments: 'strict'` was asked for. */
  COMMENT_LOST: { readonly comments: readonly { readonly text: string; readonly line: number }[] }
  /** No way was found to write the edit so that the text reads back as wanted. */
  UNSUPPORTED_EDIT: { readonly path: Path; readonly document: number }
}

/** The closed set of codes. */
export type YamlEditErrorCode = keyof YamlEditErrors

/**
 * The one error class of this package; `code` and `details` are API, `message` is for people.
 * Recognise it with {@link isYamlEditError} (or `isLgError` of `@lg/runtime`), not with `instanceof`.
 */
export class YamlEditError<Code extends YamlEditErrorCode = YamlEditErrorCode> extends Error {
  override readonly name: string = 'YamlEditError'
  readonly code: Code
  readonly details: YamlEditErrors[Code]

  constructor(
    code: Code,
    message: string,
    details: YamlEditErrors[Code],
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
    this.code = code
    this.details = details
    Object.defineProperty(this, mark, { value: true })
  }
}

/**
 * True for an error of this package; with `code`, only for that code.
 *
 * @example
 * ```ts
 * try { editYaml(text, edits) } catch (error) {
 *   if (isYamlEditError(error, 'SYNTAX')) console.error(error.details.line)
 * }
 * ```
 */
export function isYamlEditError(error: unknown): error is YamlEditError
export function isYamlEditError<const Code extends YamlEditErrorCode>(
  error: unknown,
  code: Code,
): error is YamlEditError<Code>
export function isYamlEditError(error: unknown, code?: YamlEditErrorCode): boolean {
  if (typeof error !== 'object' || error === null) return false
  const candidate = error as {
    readonly [key: symbol]: unknown
    readonly name?: unknown
    readonly code?: unknown
  }
  if (candidate[mark] !== true || candidate.name !== 'YamlEditError') return false
  return code === undefined || candidate.code === code
}
