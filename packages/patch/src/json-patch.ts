import { equalValues, isRecord } from '@lg/runtime'
import { applyPatch, createPatch, type Operation } from 'rfc6902'
import { invalidPatch, patchErrors, type PatchPath } from './errors.ts'
import { requirePlain } from './plain-value.ts'
import { shield, shieldKey, unshield } from './shield.ts'

/** One step of a JSON patch (RFC 6902). Paths are JSON pointers (RFC 6901): `/spec/wheels/0`. */
export type JsonPatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string }

/** A JSON patch (RFC 6902) that leads from one value to another; `[]` when they are equal. */
export function createJsonPatch(from: unknown, to: unknown): readonly JsonPatchOperation[] {
  if (equalValues(from, to)) return []
  const operations = createPatch(shield(from), shield(to)) as JsonPatchOperation[]
  return operations.map((operation) => {
    const path = mapPointer(operation.path, (token) => (token.startsWith('\0') ? token.slice(1) : token))
    return 'value' in operation ?
        { ...operation, path, value: unshield(operation.value) }
      : { ...operation, path }
  })
}

/**
 * What a JSON patch (RFC 6902) makes of a value. All of it is applied or, when one operation fails, none. Neither
 * argument is changed.
 *
 * @throws {LgError} `INVALID_PATCH` for what is no such patch; `PATCH_FAILED` with the number of the operation when a
 *   path is not there or a test fails.
 */
export function applyJsonPatch(value: unknown, operations: readonly unknown[]): unknown {
  if (!Array.isArray(operations)) throw invalidPatch([], 'is not a list of operations')
  const document = { root: shield(value) }
  operations.forEach((given: unknown, index) => {
    const operation = checkOperation(given, index)
    const fail = (pointer: string, reason: string): never => {
      const path = toPath(pointer)
      throw patchErrors.create(
        'PATCH_FAILED',
        `JSON patch operation ${index} (${operation.op} ${pointer || '""'}): ${reason}`,
        { path, reason, operation: index },
      )
    }
    const { op } = operation
    const existing =
      op === 'add' ? undefined
      : 'from' in operation ? operation.from
      : operation.path
    if (existing !== undefined && !exists(document.root, existing)) fail(existing, `${existing} is not there`)
    if (op === 'add' || 'from' in operation) {
      if (!canAdd(document.root, operation.path)) fail(operation.path, 'its parent is not there')
    }
    if (op === 'test') {
      if (equalValues(valueAt(document.root, operation.path), shield(operation.value))) return
      fail(operation.path, 'the value is another')
    }
    // The library works inside a parent, so the whole value gets one.
    const [error] = applyPatch(document, [shieldOperation(operation)])
    if (error) fail(operation.path, error.message)
  })
  return unshield(document.root)
}

function checkOperation(given: unknown, index: number): JsonPatchOperation {
  const refuse = (reason: string): never => {
    throw invalidPatch([index], reason)
  }
  if (!isRecord(given)) return refuse('is not an operation')
  const { op, path, from } = given
  const pointers = op === 'move' || op === 'copy' ? [path, from] : [path]
  if (typeof op !== 'string' || !['add', 'remove', 'replace', 'move', 'copy', 'test'].includes(op)) {
    refuse(`has no known op, but ${JSON.stringify(op)}`)
  }
  for (const pointer of pointers) {
    if (typeof pointer !== 'string' || !/^(?:\/(?:[^~]|~[01])*)?$/s.test(pointer)) {
      refuse(`needs a JSON pointer, not ${JSON.stringify(pointer)}`)
    }
  }
  if ((op === 'add' || op === 'replace' || op === 'test') && !Object.hasOwn(given, 'value'))
    refuse('has no value')
  requirePlain(given['value'], [index, 'value'])
  if (op === 'remove' && path === '') refuse('would remove the whole value')
  return given as unknown as JsonPatchOperation
}

function shieldOperation(operation: JsonPatchOperation): Operation {
  const inRoot = (pointer: string): string => `/root${mapPointer(pointer, shieldKey)}`
  const result: Record<string, unknown> = { op: operation.op, path: inRoot(operation.path) }
  if ('from' in operation) result['from'] = inRoot(operation.from)
  if ('value' in operation) result['value'] = shield(operation.value)
  return result as unknown as Operation
}

const unescape = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')
const escape = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1')
const tokensOf = (pointer: string): string[] => pointer.split('/').slice(1).map(unescape)
const mapPointer = (pointer: string, rename: (token: string) => string): string =>
  tokensOf(pointer)
    .map((token) => `/${escape(rename(token))}`)
    .join('')

function toPath(pointer: string): PatchPath {
  return tokensOf(pointer)
}

const isIndex = (token: string, length: number): boolean =>
  /^(?:0|[1-9]\d*)$/.test(token) && Number(token) < length

/** The value at a pointer in a shielded value; a token of a list must be an index of it. */
function valueAt(root: unknown, pointer: string): unknown {
  let value = root
  for (const token of tokensOf(pointer)) {
    if (Array.isArray(value)) value = isIndex(token, value.length) ? value[Number(token)] : undefined
    else
      value = isRecord(value) && Object.hasOwn(value, shieldKey(token)) ? value[shieldKey(token)] : undefined
  }
  return value
}

const exists = (root: unknown, pointer: string): boolean => valueAt(root, pointer) !== undefined

function canAdd(root: unknown, pointer: string): boolean {
  if (pointer === '') return true
  const cut = pointer.lastIndexOf('/')
  const parent = valueAt(root, pointer.slice(0, cut))
  const token = unescape(pointer.slice(cut + 1))
  return Array.isArray(parent) ? token === '-' || isIndex(token, parent.length + 1) : isRecord(parent)
}
