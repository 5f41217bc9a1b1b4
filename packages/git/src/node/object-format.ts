/** How a repository names its objects. */
export interface ObjectFormat {
  readonly name: 'sha1' | 'sha256'
  /** Bytes in a name. */
  readonly oidLength: 20 | 32
  /** Stands for "no object" where git wants a name. */
  readonly zero: string
}

export const sha1: ObjectFormat = { name: 'sha1', oidLength: 20, zero: '0'.repeat(40) }
export const sha256: ObjectFormat = { name: 'sha256', oidLength: 32, zero: '0'.repeat(64) }
