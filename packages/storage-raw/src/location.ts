export type ContentType = 'application/yaml' | 'application/json'

/** Where a document stands. */
export interface Location {
  /** From the root of the storage, `/` between parts on every platform. */
  readonly path: string
  /** Its number in the file, from 0; empty documents count. */
  readonly document: number
}
