import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate, deflateSync } from 'node:zlib'
import { gitErrors } from '@lg/git'
import type { Oid } from '@lg/git'
import { randomHex } from '@lg/runtime'
import type { CallOptions, Random } from '@lg/runtime'
import type { GitProcess } from './git-process.ts'
import type { ObjectFormat } from './object-format.ts'

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

/** From here on one pack is quicker to write, and to read later, than single files. */
const packFrom = 100
/** Below this the way to another thread costs more than it saves. */
const inlineDeflate = 64 * 1024
const deflateAsync = promisify(deflate)
/** As git does for single objects: speed over size. */
const speed = { level: 1 }

/**
 * Writes objects as Git's own formats say (gitformat-loose, gitformat-pack): a file of its own under a temporary
 * name that is renamed into place, or for many objects a pack that `git index-pack` checks and stores.
 */
export function createObjectWriter(
  dir: string,
  format: ObjectFormat,
  git: GitProcess,
  random: Random,
): ObjectWriter {
  const hash = (kind: ObjectKind, bytes: Uint8Array): Oid =>
    createHash(format.name).update(objectHeader(kind, bytes)).update(bytes).digest('hex')

  const writeLoose = async ({ kind, oid, bytes }: NewObject): Promise<void> => {
    const folder = join(dir, 'objects', oid.slice(0, 2))
    // The prefix that git gives such files and sweeps.
    const temporary = join(dir, 'objects', `tmp_obj_${randomHex(random, 8)}`)
    const packed = await compress(Buffer.concat([objectHeader(kind, bytes), bytes]))
    try {
      await writeFile(temporary, packed, { flag: 'wx', mode: 0o444 })
      await moveInto(folder, temporary, oid.slice(2))
    } catch (error) {
      await rm(temporary, { force: true })
      throw writeFailed(oid, error)
    }
  }

  return {
    hash,
    make: (kind, bytes) => ({ kind, bytes, oid: hash(kind, bytes) }),
    async write(objects, { signal } = {}) {
      signal?.throwIfAborted()
      git.throwIfStopped()
      const wanted = unique(objects)
      if (wanted.length >= packFrom) {
        await git.succeed({
          operation: 'index-pack',
          args: ['index-pack', '--stdin'],
          input: packStream(wanted, format),
          signal,
        })
        return
      }
      const last = wanted.at(-1)
      await Promise.all(wanted.slice(0, -1).map(writeLoose))
      signal?.throwIfAborted()
      if (last) await writeLoose(last)
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

function unique(objects: readonly NewObject[]): readonly NewObject[] {
  return Array.from(new Map(objects.map((object) => [object.oid, object])).values())
}

function objectHeader(kind: ObjectKind, bytes: Uint8Array): Buffer {
  return Buffer.from(`${kind} ${bytes.length}\0`)
}

async function compress(bytes: Uint8Array): Promise<Buffer> {
  return bytes.length < inlineDeflate ? deflateSync(bytes, speed) : deflateAsync(bytes, speed)
}

async function* packStream(objects: readonly NewObject[], format: ObjectFormat): AsyncGenerator<Uint8Array> {
  const checksum = createHash(format.name)
  const counted = (bytes: Uint8Array): Uint8Array => {
    checksum.update(bytes)
    return bytes
  }
  const start = Buffer.alloc(12)
  start.write('PACK', 'latin1')
  start.writeUInt32BE(2, 4)
  start.writeUInt32BE(objects.length, 8)
  yield counted(start)
  for (const { kind, bytes } of objects) {
    yield counted(Buffer.concat([packHeader(kind, bytes.length), await compress(bytes)]))
  }
  yield checksum.digest()
}

const packKinds: Readonly<Record<ObjectKind, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 }

/** Type and size in seven-bit groups, the first of which has only four bits for the size. */
function packHeader(kind: ObjectKind, size: number): Buffer {
  const bytes: number[] = []
  let current = (packKinds[kind] << 4) | (size & 0x0f)
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(current | 0x80)
    current = rest & 0x7f
  }
  bytes.push(current)
  return Buffer.from(bytes)
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
