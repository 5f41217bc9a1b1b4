import { checkPath, formatKey, type ObjectKey } from '@lg/runtime'
import { createQueue } from '../concurrency.ts'
import { rawStorageErrors } from '../errors.ts'
import type { FileTree } from '../file-tree.ts'
import type { IndexedDocument } from '../indexed-file.ts'
import type { ContentType } from '../location.ts'
import { planDocumentDelete, planDocumentWrite, type PlannedChange } from '../plan-change.ts'
import type { RawChange, RawDeleteOptions, RawWriteOptions } from '../raw-storage.ts'
import type { Recognize } from '../recognized.ts'
import type { Scanner } from '../scanner.ts'
import { attempts, type DocumentReader } from './document-reader.ts'

/** Names the file of a new object; `undefined` where it has no place. */
export type Placement = (key: ObjectKey, contentType: ContentType) => string | undefined

/** Changes documents one after the other, each time from what is stored then. */
export interface DocumentWriter {
  write(key: ObjectKey, bytes: Uint8Array, options: RawWriteOptions): Promise<RawChange>
  delete(key: ObjectKey, options: RawDeleteOptions): Promise<RawChange>
  /** Resolves when nothing is being written any more. */
  settled(): Promise<void>
}

export interface DocumentWriterOptions {
  readonly files: FileTree
  readonly recognize: Recognize
  readonly place: Placement | undefined
  readonly scanner: Scanner
  readonly reader: DocumentReader
  /** Called before each attempt: throws what ends the call. */
  readonly begin: (signal: AbortSignal | undefined) => void
}

export function createDocumentWriter(options: DocumentWriterOptions): DocumentWriter {
  const { files, recognize, place, scanner, reader, begin } = options
  const writes = createQueue()

  const placeNew = (key: ObjectKey, { contentType = 'application/yaml', path }: RawWriteOptions): string => {
    const chosen = path ?? place?.(key, contentType)
    if (chosen === undefined) {
      throw rawStorageErrors.create(
        'NOT_TRACKED',
        `${formatKey(key)} is in no file of ${files.name}; give the storage a path template, or the write a path`,
        { key },
      )
    }
    checkPath(chosen)
    if (files.includes(chosen)) return chosen
    const reason = 'the include and exclude rules leave this file out, so it would not be found again'
    throw rawStorageErrors.create('INVALID_PATH', `No place for ${formatKey(key)} in ${chosen}: ${reason}`, {
      path: chosen,
      reason,
    })
  }
  const planWrite = async (
    key: ObjectKey,
    bytes: Uint8Array,
    call: RawWriteOptions,
  ): Promise<PlannedChange> => {
    const found = await reader.open(key, call.signal)
    checkVersion(key, call.expected, found?.document)
    const path = found?.content.path ?? placeNew(key, call)
    const content = found?.content ?? (await scanner.visit(path, { signal: call.signal }))
    return planDocumentWrite({ path, bytes: content?.bytes }, key, bytes, recognize)
  }
  const planDelete = async (key: ObjectKey, call: RawDeleteOptions): Promise<PlannedChange> => {
    const found = await reader.open(key, call.signal)
    if (found === undefined) throw notFound(key, files.name)
    checkVersion(key, call.expected, found.document)
    return planDocumentDelete(found.content, key, recognize)
  }
  /** False when the file changed since it was planned for. */
  const apply = async (
    { change, file }: PlannedChange,
    signal: AbortSignal | undefined,
  ): Promise<boolean> => {
    const { path, before, after } = change.file
    if (before === after) return true
    const stat = await files.replace(change.file, { signal })
    if (stat === false) return false
    const stamp = stat === true ? undefined : stat.stamp
    scanner.adopt(path, file && { ...file, stamp }, after)
    return true
  }
  /** Plans and applies, and starts over as long as other programs are faster. */
  const change = (
    key: ObjectKey,
    plan: () => Promise<PlannedChange>,
    { expected, dryRun = false, signal }: RawWriteOptions,
  ): Promise<RawChange> =>
    writes.run(async () => {
      let path = ''
      for (let attempt = 0; attempt < attempts; attempt++) {
        begin(signal)
        const planned = await plan()
        if (dryRun || (await apply(planned, signal))) return planned.change
        path = planned.change.file.path
      }
      throw rawStorageErrors.create(
        'CONFLICT',
        `${path} changed ${attempts} times while ${formatKey(key)} was being written; try again when its other writers rest`,
        { key, expected: expected ?? '', actual: scanner.index().get(key)?.version },
      )
    })

  return {
    write: (key, bytes, call) => change(key, () => planWrite(key, bytes, call), call),
    delete: (key, call) => change(key, () => planDelete(key, call), call),
    settled: () => writes.run(async () => {}),
  }
}

function checkVersion(
  key: ObjectKey,
  expected: string | null | undefined,
  stored: IndexedDocument | undefined,
): void {
  if (expected === undefined) return
  if (expected === null) {
    if (stored === undefined) return
    const { location } = stored
    const message = `${formatKey(key)} exists already, in ${location.path}`
    throw rawStorageErrors.create('ALREADY_EXISTS', message, { key, location })
  }
  if (stored?.version === expected) return
  const state = stored === undefined ? 'it is not stored any more' : 'it has changed since it was read'
  const message = `${formatKey(key)} is not as expected: ${state}; read it again`
  throw rawStorageErrors.create('CONFLICT', message, { key, expected, actual: stored?.version })
}

export function notFound(key: ObjectKey, where: string): Error {
  return rawStorageErrors.create('NOT_FOUND', `No ${formatKey(key)} in ${where}`, { key })
}
