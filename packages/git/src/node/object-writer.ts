/// <reference types="node" />
import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate, deflateSync } from 'node:zlib'
import { randomHex } from '@lg/runtime'
import type { CallOptions, Random } from '@lg/runtime'
import { gitErrors } from '../errors.ts'
import type { Oid } from '../oid.ts'
import type { ObjectFormat } from './object-format.ts'
import type { OnFileStep } from './steps.ts'

export type ObjectKind = 'commit' | 'tree' | 'blob' | 'tag'

/** An object that is not stored yet, under the name that Git gives it. */
export interface NewObject {
  readonly kind: ObjectKind
  readonly oid: Oid
  readonly bytes: Uint8Array
}

export interface ObjectWriter {
  hash(kind: ObjectKind, bytes: Uint8Array): Oid
  /** Names and keeps an object for `write`. */
  make(kind: ObjectKind, bytes: Uint8Array): NewObject
  /** Stores all, the last one last: who sees it sees all. */
  write(objects: readonly NewObject[], options?: CallOptions): Promise<void>
}

/** Below this the way to another thread costs more than it saves. */
const inlineDeflate = 64 * 1024
const deflateAsync = promisify(deflate)
/** As git does for single objects: speed over size. */
const speed = { level: 1 }

/** Files written at the same time. */
const width = 64

/**
 * Writes single objects as Git's own format says (gitformat-loose): a file of its own under a temporary name, the one
 * that git gives such files and sweeps, renamed into place. An object is there whole or not at all.
 */
export function createLooseWriter(
  dir: string,
  format: ObjectFormat,
  random: Random,
  onStep?: OnFileStep,
): ObjectWriter {
  const hash = (kind: ObjectKind, bytes: Uint8Array): Oid =>
    createHash(format.name).update(objectHeader(kind, bytes)).update(bytes).digest('hex')

  const writeOne = async ({ kind, oid, bytes }: NewObject): Promise<void> => {
    const folder = join(dir, 'objects', oid.slice(0, 2))
    const temporary = join(dir, 'objects', `tmp_obj_${randomHex(random, 8)}`)
    const packed = await compressObject(Buffer.concat([objectHeader(kind, bytes), bytes]))
    try {
      await writeFile(temporary, packed, { flag: 'wx', mode: 0o444 })
      onStep?.('object written')
      await moveInto(folder, temporary, oid.slice(2))
      onStep?.('object in place')
    } catch (error) {
      await rm(temporary, { force: true })
      throw writeFailed(oid, error)
    }
  }

  return {
    hash,
    make: (kind, bytes) => ({ kind, bytes, oid: hash(kind, bytes) }),
    async write(objects, { signal } = {}) {
      const wanted = uniqueObjects(objects)
      const last = wanted.at(-1)
      for (let start = 0; start < wanted.length - 1; start += width) {
        signal?.throwIfAborted()
        await Promise.all(wanted.slice(start, Math.min(start + width, wanted.length - 1)).map(writeOne))
      }
      signal?.throwIfAborted()
      if (last) await writeOne(last)
    },
  }
}

const attempts = 5

/** A folder that is empty is removed by whoever packs the store, also between these two steps. */
async function moveInto(folder: string, temporary: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(folder, { recursive: true })
    try {
      return await rename(temporary, join(folder, name))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === attempts) throw error
    }
  }
}

/** Each object once. */
export function uniqueObjects(objects: readonly NewObject[]): readonly NewObject[] {
  return Array.from(new Map(objects.map((object) => [object.oid, object])).values())
}

/** As both single objects and packs hold it. */
export async function compressObject(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length < inlineDeflate ? deflateSync(bytes, speed) : deflateAsync(bytes, speed)
}

function objectHeader(kind: ObjectKind, bytes: Uint8Array): Buffer {
  return Buffer.from(`${kind} ${bytes.length}\0`)
}

function writeFailed(oid: Oid, error: unknown): Error {
  const output = error instanceof Error ? error.message : String(error)
  return gitErrors.create(
    'GIT_FAILED',
    `Object ${oid} could not be stored: ${output}`,
    { operation: 'createCommit', output },
    { cause: error },
  )
}
