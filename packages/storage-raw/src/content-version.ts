import { createHash } from 'node:crypto'

/** The version token of a document's bytes: the name that Git would give to them as a blob (SHA-1). */
export function contentVersion(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
