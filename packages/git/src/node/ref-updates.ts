import type { RefUpdate } from '../git.ts'
import { isOid } from '../oid.ts'
import { checkRefName } from '../ref-name.ts'
import type { ObjectReader } from './object-reader.ts'
import { notFound } from './trees.ts'

/** @throws {LgError} `INVALID_REF`, `OBJECT_NOT_FOUND` for what cannot be the name of an object. */
export function checkRefUpdate({ ref, target, expected }: RefUpdate): void {
  checkRefName(ref)
  for (const oid of [target, expected])
    if (typeof oid === 'string' && !isOid(oid)) throw notFound(oid, 'object')
}

/**
 * Makes sure that what is to be pushed is here: an engine would call it refused by the remote.
 *
 * @throws {LgError} `OBJECT_NOT_FOUND`.
 */
export async function checkTargets(
  reader: ObjectReader,
  updates: readonly RefUpdate[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const targets = updates.flatMap(({ target }) => (target === null ? [] : [target]))
  const replies = await Promise.all(targets.map((target) => reader.info(target, signal)))
  const missing = targets.find((_, index) => replies[index]?.type !== 'object')
  if (missing !== undefined) throw notFound(missing, 'object')
}
