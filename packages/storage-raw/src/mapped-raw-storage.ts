import type { Clock, Logger } from '@lg/runtime'
import { createDiskTree } from './directory/disk-tree.ts'
import type { Placement } from './indexed/document-writer.ts'
import type { ScanPolicy } from './indexed/refresher.ts'
import { createIndexedRawStorage } from './indexed-raw-storage.ts'
import { createPathRules, type PathRuleOptions } from './path-rules.ts'
import { createPathTemplate } from './path-template.ts'
import { extensionsOf } from './content-type.ts'
import type { MappedRawStorage } from './raw-storage.ts'
import type { Recognize } from './recognized.ts'

export interface MappedRawStorageOptions extends PathRuleOptions {
  /** The root of the tree. It may be missing, then it is made with the first file. */
  readonly dir: string
  readonly recognize: Recognize
  /** Where files of new objects go: a template such as `{kind}/{namespace}/{name}.yaml`, or a function. Default: nowhere. */
  readonly template?: string | Placement | undefined
  /** When the files are looked at again. Default `always`. */
  readonly scan?: ScanPolicy | undefined
  /** Whether a write waits until it would survive a loss of power. Default true. */
  readonly fsync?: boolean | undefined
  readonly clock?: Clock | undefined
  /** Hears of files that cannot be served, once for each state of the file. */
  readonly logger?: Logger | undefined
}

/**
 * The objects in any tree of files, several in a file if need be. What other programs do to the files is seen by the
 * next list, and by the next read of the object.
 *
 * @throws {LgError} `INVALID_TEMPLATE`.
 * @example
 * ```ts
 * const raw = createMappedRawStorage({ dir: 'clusters', recognize: createRecognizer({ scheme }), exclude: ['vendor'] })
 * ```
 */
export function createMappedRawStorage(options: MappedRawStorageOptions): MappedRawStorage {
  const { dir, recognize, template, scan, fsync, clock, logger } = options
  const rules = createPathRules(options)
  return createIndexedRawStorage({
    files: createDiskTree({ dir, rules, fsync, clock }),
    recognize,
    place: createPlacement(template),
    scan,
    clock,
    logger,
  })
}

/** A function that places new objects, from a template. */
export function createPlacement(template: string | Placement | undefined): Placement | undefined {
  if (typeof template !== 'string') return template
  const { path } = createPathTemplate(template)
  return (key, contentType) => path(key, extensionsOf(contentType)[0])
}
