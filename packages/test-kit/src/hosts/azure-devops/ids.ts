import { createHash } from 'node:crypto'

/** The same GUID for the same text. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text.toLowerCase()).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), '4000', '8000', hex.slice(12, 24)].join('-')
}

const repositoryPrefix = '5e7c0000-0000-4000-8000-'

export function guidOfRepository(id: number): string {
  return `${repositoryPrefix}${String(id).padStart(12, '0')}`
}

/** The number behind the GUID of a repository. */
export function numberOf(guid: string): number | undefined {
  return guid.startsWith(repositoryPrefix) ? Number(guid.slice(repositoryPrefix.length)) : undefined
}
