/** Marks every error of the lg packages, across copies and versions of them. */
const mark = Symbol.for('@lg/error')

/** The typed details of an error: what a program needs to react, without reading the message. */
export type ErrorDetails = Readonly<Record<string, unknown>>

/**
 * The one error class of lg. `code` and `details` are API, `message` is for people.
 *
 * Recognise it with {@link isLgError} or with the guard of the package's error family, never with
 * `instanceof`: two versions of a package may be installed side by side.
 */
export class LgError<Code extends string = string, Details extends object = object> extends Error {
  override readonly name: string = 'LgError'
  /** A code from the closed set of the package that threw. */
  readonly code: Code
  /** What the code promises to tell: keys, paths, positions, hosts. Never a secret. */
  readonly details: Details

  constructor(code: Code, message: string, details: Details, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
    this.details = details
    Object.defineProperty(this, mark, { value: true })
  }
}

/**
 * True for an error of any lg package; with `code`, only for that code.
 *
 * @example
 * ```ts
 * try { await storage.get(key) } catch (error) {
 *   if (!isLgError(error, 'NOT_FOUND')) throw error
 * }
 * ```
 */
export function isLgError(error: unknown): error is LgError
export function isLgError<const Code extends string>(error: unknown, code: Code): error is LgError<Code>
export function isLgError(error: unknown, code?: string): boolean {
  if (typeof error !== 'object' || error === null) return false
  const candidate = error as { readonly [key: PropertyKey]: unknown }
  return candidate[mark] === true && (code === undefined || candidate['code'] === code)
}

/** A closed set of codes with the details of each: `{ NOT_FOUND: { key: ObjectKey } }`. */
export type ErrorTable = Readonly<Record<string, object>>

type TableOf<Table> = { readonly [Code in keyof Table]: object }

/** Creates and recognises the errors of one package, with the details that each code carries. */
export interface ErrorFamily<Table extends TableOf<Table>> {
  create<Code extends keyof Table & string>(
    code: Code,
    message: string,
    details: Table[Code],
    options?: { readonly cause?: unknown },
  ): LgError<Code, Table[Code]>
  /** Narrows to the code and its details. */
  is<Code extends keyof Table & string>(error: unknown, code: Code): error is LgError<Code, Table[Code]>
}

/**
 * Defines the error family of a package from its table of codes.
 *
 * @example
 * ```ts
 * interface StorageErrors { NOT_FOUND: { key: ObjectKey } }
 * export const storageErrors: ErrorFamily<StorageErrors> = defineErrors()
 * throw storageErrors.create('NOT_FOUND', `No Car default/foo in cars/`, { key })
 * ```
 */
export function defineErrors<Table extends TableOf<Table>>(): ErrorFamily<Table> {
  return {
    create: (code, message, details, options) => new LgError(code, message, details, options),
    is: <Code extends keyof Table & string>(
      error: unknown,
      code: Code,
    ): error is LgError<Code, Table[Code]> => isLgError(error, code),
  }
}
