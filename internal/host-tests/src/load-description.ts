import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord } from '@lg/runtime'
import type { CheckExchange } from '@lg/test-kit'
import { createChecker } from './check-exchange.ts'
import { parsePointer, valueAt } from './json-pointer.ts'

export interface DescriptionOptions {
  /** What the paths of the description have before those of the fake: `/api/v4`. */
  readonly prefix?: string
  /** File with RFC 6902 `replace` operations, for what the description has wrong. */
  readonly overlay?: string
}

/** Beside the project; another folder by environment. */
const folder = process.env['LG_API_DESCRIPTIONS'] ?? join(import.meta.dirname, '../../../../shared/specs')

/**
 * The check of a host's exchanges against the official description of its API. `undefined`, said on standard error,
 * where the descriptions are not there: they are no part of the project.
 */
export function loadDescription(file: string, options: DescriptionOptions = {}): CheckExchange | undefined {
  const path = join(folder, file)
  if (!existsSync(path)) {
    process.stderr.write(
      `Not checked against the API description: there is no ${file}; set LG_API_DESCRIPTIONS\n`,
    )
    return undefined
  }
  const document = readJson(path)
  if (options.overlay !== undefined) applyOverlay(document, readJson(join(folder, options.overlay)))
  return createChecker(document, options.prefix ?? '')
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8')) as unknown
}

function applyOverlay(document: unknown, overlay: unknown): void {
  if (!Array.isArray(overlay)) throw new TypeError('An overlay is a list of operations')
  for (const operation of overlay as readonly { op: string; path: string; value: unknown }[]) {
    const parts = parsePointer(operation.path)
    const parent = valueAt(document, parts.slice(0, -1))
    if (operation.op !== 'replace' || !isRecord(parent)) throw new TypeError(`Cannot apply ${operation.path}`)
    parent[parts.at(-1) ?? ''] = operation.value
  }
}
