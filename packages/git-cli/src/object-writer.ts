import { createHash } from 'node:crypto'
import { compressObject, createLooseWriter, uniqueObjects } from '@lg/git/node'
import type { NewObject, ObjectFormat, ObjectKind, ObjectWriter } from '@lg/git/node'
import type { GitProcess } from './git-process.ts'
import type { Settings } from './options.ts'

/** From here on one pack is quicker to write, and to read later, than single files. */
const packFrom = 100

/** Writes few objects as files of their own, and many as a pack (gitformat-pack) that `git index-pack` checks and stores. */
export function createObjectWriter(
  format: ObjectFormat,
  git: GitProcess,
  { random, onStep }: Pick<Settings, 'random' | 'onStep'>,
): ObjectWriter {
  const loose = createLooseWriter(git.dir, format, random, onStep)
  return {
    ...loose,
    async write(objects, { signal } = {}) {
      signal?.throwIfAborted()
      git.throwIfStopped()
      const wanted = uniqueObjects(objects)
      if (wanted.length >= packFrom) {
        await git.succeed({
          operation: 'index-pack',
          args: ['index-pack', '--stdin'],
          input: packStream(wanted, format),
          signal,
        })
        return
      }
      await loose.write(wanted, { signal })
    },
  }
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
    yield counted(Buffer.concat([packHeader(kind, bytes.length), await compressObject(bytes)]))
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
