/** A full object name in lower-case hexadecimal: 40 digits (SHA-1) or 64 (SHA-256). */
export type Oid = string

export function isOid(value: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)
}
