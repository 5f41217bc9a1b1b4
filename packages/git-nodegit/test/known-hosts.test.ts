import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findHostKeys, formatKnownHosts } from '../src/known-hosts.ts'

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const other = 'AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'

function lines(text: string, host = 'git.example.org', port = 22): readonly number[] {
  return findHostKeys(text, host, port).map(({ line }) => line)
}

function hashed(name: string): string {
  const salt = randomBytes(20)
  const hash = createHmac('sha1', salt).update(name).digest('base64')
  return `|1|${salt.toString('base64')}|${hash}`
}

describe('a known_hosts file', () => {
  it('gives the keys of a host, with type and line', () => {
    const text = `# comment\n\nother.org ssh-ed25519 ${other}\nfoo,git.example.org ssh-ed25519 ${key} a comment\n`
    expect(findHostKeys(text, 'git.example.org', 22)).toEqual([{ type: 'ssh-ed25519', key, line: 4 }])
  })

  it('tells ports apart', () => {
    const text = `git.example.org ssh-rsa ${key}\n[git.example.org]:2222 ssh-rsa ${other}\n[::1]:2222 ssh-rsa ${key}`
    expect(lines(text)).toEqual([1])
    expect(lines(text, 'git.example.org', 2222)).toEqual([2])
    expect(lines(text, '::1', 2222)).toEqual([3])
    expect(lines(text, 'git.example.org', 23)).toEqual([])
  })

  it('reads hashed names', () => {
    const text = `${hashed('other.org')} ssh-rsa ${key}\n${hashed('git.example.org')} ssh-rsa ${key}\n${hashed('[git.example.org]:23')} ssh-rsa ${key}`
    expect(lines(text)).toEqual([2])
    expect(lines(text, 'git.example.org', 23)).toEqual([3])
    expect(lines(`|2|a|b ssh-rsa ${key}\n|1| ssh-rsa ${key}\n|1|a|b ssh-rsa ${key}`)).toEqual([])
  })

  it('matches patterns, and what they leave out', () => {
    const match = (hosts: string): boolean => lines(`${hosts} ssh-rsa ${key}`).length > 0
    for (const hosts of ['*', '*.example.org', 'git.example.???', 'GIT.Example.org', '!x,*', '***.org'])
      expect(match(hosts), hosts).toBe(true)
    for (const hosts of ['git', '*.com', 'gitxexample.org', '*,!git.*', '!git.example.org,*', '?.org', '*!'])
      expect(match(hosts), hosts).toBe(false)
  })

  it('leaves out revoked keys, wherever they stand, and certificate authorities', () => {
    const text = [
      `git.example.org ssh-rsa ${key}`,
      `git.example.org ssh-rsa ${other}`,
      `@cert-authority *.example.org ssh-rsa ${other}`,
      `@revoked * ssh-rsa ${key}`,
      `@revoked elsewhere.org ssh-rsa ${other}`,
    ]
    expect(lines(text.join('\n'))).toEqual([2])
  })

  it('passes over lines that are none', () => {
    expect(
      lines(`git.example.org\ngit.example.org ssh-rsa\n@revoked\n  \ngit.example.org\tssh-rsa  ${key}\r\n`),
    ).toEqual([5])
  })

  it('never throws, and finds no host that is not named', () => {
    const token = fc.constantFrom(
      'git',
      '|1|',
      '|',
      '@revoked',
      '*',
      '!',
      ',',
      '[',
      ']:',
      '\n',
      ' ',
      'ssh-rsa',
      '#',
      '(',
    )
    fc.assert(
      fc.property(
        fc.array(token).map((tokens) => tokens.join('')),
        (text) => {
          const keys = findHostKeys(text, 'unnamed.example', 22)
          expect(text.includes('*') || keys.length === 0).toBe(true)
        },
      ),
    )
  })

  it('is written again with one host only', () => {
    const [found] = findHostKeys(`a,[git.example.org]:23,b ssh-rsa ${key} comment`, 'git.example.org', 23)
    expect(formatKnownHosts('git.example.org', 23, found ? [found] : [])).toBe(
      `[git.example.org]:23 ssh-rsa ${key}\n`,
    )
  })
})
