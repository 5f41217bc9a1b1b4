import { gitErrors, isOid } from '@lg/git'
import type { Oid } from '@lg/git'

/** What git says of an object whose bytes on disk are not what was stored. */
const damage =
  /is corrupt|inflate: data stream error|unable to (?:stream|unpack) |cannot unpack |hash mismatch|object file .* is empty|object .* disappeared|garbage at end of loose object/

export function tellsDamage(stderr: string): boolean {
  return damage.test(stderr)
}

/** The object of this store that git names, in any of the ways in which it tells of damage. */
export function damagedObject(stderr: string): Oid | undefined {
  const line =
    withoutServerWords(stderr)
      .split('\n')
      .findLast((text) => damage.test(text) && /[0-9a-f]{38}/.test(text)) ?? ''
  const loose = /objects\/([0-9a-f]{2})\/([0-9a-f]{38,62})\b/.exec(line)
  const name = loose ? `${loose[1]}${loose[2]}` : /\b(?<!pack-)[0-9a-f]{40,64}\b/.exec(line)?.[0]
  return name !== undefined && isOid(name) ? name : undefined
}

/** What the server said concerns its own objects. */
export function withoutServerWords(stderr: string): string {
  return stderr.replace(/^remote: .*$/gm, '')
}

export function objectCorrupt(dir: string, oid: Oid | undefined, cause?: unknown): Error {
  const what = oid === undefined ? 'An object' : `Object ${oid}`
  const message =
    `${what} in ${dir} is damaged on disk, and could not be fetched anew. Close the repository, remove that ` +
    'directory and open it again: all that the remote has is fetched.'
  return gitErrors.create('OBJECT_CORRUPT', message, { dir, ...(oid !== undefined && { oid }) }, { cause })
}
