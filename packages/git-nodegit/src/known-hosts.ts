import { createHmac, timingSafeEqual } from 'node:crypto'

/** A key that a known_hosts file gives for a host. */
export interface KnownHostKey {
  /** `ssh-ed25519`. */
  readonly type: string
  /** In base64, as written. */
  readonly key: string
  /** Counted from 1. */
  readonly line: number
}

/**
 * The keys by which a host may show itself, as sshd(8) says under SSH_KNOWN_HOSTS FILE FORMAT: hashed names, patterns
 * with `*`, `?` and `!`, and ports in brackets. A key that is revoked for the host is left out. Lines for certificate
 * authorities are passed over: libssh2 knows no host certificates.
 *
 * @param port 22 when it is not in the URL.
 */
export function findHostKeys(knownHosts: string, host: string, port: number): readonly KnownHostKey[] {
  const name = port === 22 ? host : `[${host}]:${port}`
  const revoked = new Set<string>()
  const keys: KnownHostKey[] = []
  for (const [index, line] of knownHosts.split(/\r?\n/).entries()) {
    const fields = line.trim().split(/[ \t]+/)
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined
    const [hosts = '', type = '', key = ''] = fields
    if (hosts === '' || hosts.startsWith('#') || key === '' || !matches(hosts, name)) continue
    if (marker === '@revoked') revoked.add(key)
    else if (marker === undefined) keys.push({ type, key, line: index + 1 })
  }
  return keys.filter(({ key }) => !revoked.has(key))
}

/** A file in which nothing but these keys of the host stands. */
export function formatKnownHosts(host: string, port: number, keys: readonly KnownHostKey[]): string {
  const name = port === 22 ? host : `[${host}]:${port}`
  return keys.map(({ type, key }) => `${name} ${type} ${key}\n`).join('')
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name)
  const patterns = hosts.toLowerCase().split(',')
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name)))
    return false
  return patterns.some((pattern) => matchesPattern(pattern, name))
}

/** `|1|salt|hash`, both in base64. */
function matchesHash(text: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = text.split('|')
  if (version !== '1') return false
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}
