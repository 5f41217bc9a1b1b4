import { describe, expect, it } from 'vitest'
import { createHttpsCredentials, createSshCredentials, isOid, readSecret, redact } from '@lg/git'
import type { SshKey } from '@lg/git'

const knownHosts = '/keys/known_hosts'
const key = { type: 'file', path: '/keys/id' } as const
const invalid = expect.objectContaining({ code: 'INVALID_CREDENTIALS' })
const request = { origin: 'https://git.example.org', path: 'o/r' }

describe('createSshCredentials', () => {
  it('takes a key file or an agent, and known_hosts', () => {
    expect(createSshCredentials({ key, knownHosts })).toEqual({ type: 'ssh', key, knownHosts })
    expect(createSshCredentials({ key: { type: 'agent' }, knownHosts, user: 'ada' }).user).toBe('ada')
  })

  it('wants both parts, each in order', () => {
    const wrong = [
      { key, knownHosts: '' },
      { key: { type: 'file', path: '' } as const, knownHosts },
      { key: undefined as unknown as SshKey, knownHosts },
      { key: { ...key, passphrase: '' }, knownHosts },
      { key: { ...key, passphrase: 'a\nb' }, knownHosts },
      { key: { type: 'agent', socket: '' } as const, knownHosts },
      { key, knownHosts, user: '-oProxyCommand=x' },
      { key, knownHosts, user: 'a b' },
    ]
    for (const parts of wrong) expect(() => createSshCredentials(parts)).toThrow(invalid)
  })
})

describe('createHttpsCredentials', () => {
  it('takes a password, or where to get it', () => {
    expect(createHttpsCredentials({ password: 'x' })).toEqual({ type: 'https', password: 'x' })
    expect(createHttpsCredentials({ username: 'ada', password: () => 'x' }).username).toBe('ada')
  })

  it('refuses what would break the line protocol, or is not there', () => {
    for (const password of ['', 'a\nb', 'a\rb', 'a\0b', undefined as unknown as string]) {
      expect(() => createHttpsCredentials({ password })).toThrow(invalid)
    }
    for (const username of ['', 'a\nhost=evil']) {
      expect(() => createHttpsCredentials({ username, password: 'x' })).toThrow(invalid)
    }
  })

  it('does not show the password when it refuses it', () => {
    expect(() => createHttpsCredentials({ password: 's3cret\n' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
    )
  })
})

describe('readSecret', () => {
  it('asks a function with what the secret is for', async () => {
    expect(await readSecret((asked) => Promise.resolve(`${asked.origin} ${asked.path}`), request)).toBe(
      'https://git.example.org o/r',
    )
  })

  it('refuses a secret of several lines, and lets an error of the function through', async () => {
    await expect(readSecret(() => 'a\nb', request)).rejects.toThrow(invalid)
    const failure = new Error('vault sealed')
    await expect(readSecret(() => Promise.reject(failure), request)).rejects.toBe(failure)
  })
})

describe('redact', () => {
  it.each([
    ['fatal: unable to access https://bot:tok@h/o/r/: x', 'fatal: unable to access https://h/o/r/: x'],
    ["to 'https://tok@h/o/r'", "to 'https://h/o/r'"],
    ['https://h/o/r?token=tok', 'https://h/o/r?***'],
    ['ssh://git@h/o/r', 'ssh://h/o/r'],
    ['git@h:o/r', 'git@h:o/r'],
    ['Authorization: Basic dG9r', 'Authorization: Basic ***'],
    ['a tok/en and tok%2Fen', 'a *** and ***'],
  ])('%s', (text, shown) => {
    expect(redact(text, ['tok/en'])).toBe(shown)
  })
})

describe('isOid', () => {
  it('takes full names in lower case only', () => {
    expect(isOid('a'.repeat(40))).toBe(true)
    expect(isOid('0'.repeat(64))).toBe(true)
    for (const no of ['', 'a'.repeat(39), 'A'.repeat(40), `${'a'.repeat(40)}\n`, 'main'])
      expect(isOid(no)).toBe(false)
  })
})
