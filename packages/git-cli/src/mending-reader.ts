import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gitErrors, isOid } from '@lg/git'
import type { Oid } from '@lg/git'
import type { Logger } from '@lg/runtime'
import { objectCorrupt } from './damage.ts'
import type { GitReader } from './object-reader.ts'
import type { ObjectSupply } from './object-supply.ts'

export interface MendingParts {
  readonly dir: string
  /** Absent in a store without a remote. */
  readonly supply: ObjectSupply | undefined
  /** Told of damage: a disk may be failing. */
  readonly logger: Logger
}

/** A reader that has a damaged object fetched anew, once, before it gives up. */
export function createMendingReader(reader: GitReader, { dir, supply, logger }: MendingParts): GitReader {
  const mend = async (oid: Oid, cause: unknown, signal: AbortSignal | undefined): Promise<void> => {
    logger.warn('An object is damaged on disk', { dir, oid })
    if (supply === undefined) throw objectCorrupt(dir, oid, cause)
    await supply.restore(oid, signal).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw objectCorrupt(dir, oid, error)
    })
  }

  return {
    ...reader,
    async contents(name, signal) {
      let cause: unknown
      try {
        const reply = await reader.contents(name, signal)
        // git calls an object missing whose file does not even begin like one.
        if (reply.type !== 'missing' || !isOid(name) || !(await hasFile(dir, name))) return reply
      } catch (error) {
        if (!gitErrors.is(error, 'OBJECT_CORRUPT') || !isOid(name)) throw error
        cause = error
      }
      await mend(name, cause, signal)
      return reader.contents(name, signal)
    },
  }
}

async function hasFile(dir: string, oid: Oid): Promise<boolean> {
  return stat(join(dir, 'objects', oid.slice(0, 2), oid.slice(2))).then(
    () => true,
    () => false,
  )
}
