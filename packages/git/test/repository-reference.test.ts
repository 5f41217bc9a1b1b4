import { describe, expect, it } from 'vitest'
import { formatRepositoryReference, parseRepositoryReference, webHost } from '@lg/git'
import type { RepositoryReference } from '@lg/git'

type Parts = Partial<RepositoryReference>

const web = { transport: 'https', host: 'git.example.org', owner: 'o', name: 'r' } as const
const ssh = { transport: 'ssh', host: 'git.example.org', owner: 'o', name: 'r' } as const

const forms: Readonly<Record<string, Parts>> = {
  'https://git.example.org/o/r': { ...web, path: '/o/r', url: 'https://git.example.org/o/r' },
  'https://git.example.org/o/r.git': { ...web, path: '/o/r.git', url: 'https://git.example.org/o/r.git' },
  'https://git.example.org/o/r.git/': { ...web, path: '/o/r.git' },
  ' https://git.example.org/o/r ': web,
  'HTTPS://GIT.Example.Org/o/r': web,
  'https://git.example.org:443/o/r': { ...web, port: undefined, url: 'https://git.example.org/o/r' },
  'https://git.example.org:8443/g/s1/s2/r.git': { ...web, port: 8443, owner: 'g/s1/s2' },
  'https://user:secret@git.example.org/o/r': { ...web, user: undefined, url: 'https://git.example.org/o/r' },
  'https://git.example.org/o/my%20repo': { ...web, name: 'my repo', path: '/o/my%20repo' },
  'https://[::1]:3000/o/r': { host: '::1', port: 3000, url: 'https://[::1]:3000/o/r' },
  'http://127.0.0.1:3000/r.git': { transport: 'http', host: '127.0.0.1', port: 3000, owner: '', name: 'r' },
  'https://git.example.org/scm/P/r.git': { ...web, owner: 'scm/P', path: '/scm/P/r.git' },
  'https://git.example.org/gitlab/g/s/r.git': { ...web, owner: 'gitlab/g/s' },
  'ssh://git@git.example.org:7999/p/r.git': { ...ssh, port: 7999, owner: 'p' },
  'ssh://git@git.example.org:7999/~ada/r.git': { ...ssh, port: 7999, owner: '~ada' },
  'https://bitbucket.org/workspace/r.git': { host: 'bitbucket.org', owner: 'workspace', name: 'r' },
  'git@bitbucket.org:workspace/r.git': { host: 'bitbucket.org', owner: 'workspace', name: 'r' },
  'ssh://git@ssh.github.com:443/o/r.git': { host: 'ssh.github.com', port: 443, owner: 'o', name: 'r' },
  'ssh://git@altssh.gitlab.com:443/g/s/r.git': { host: 'altssh.gitlab.com', port: 443, owner: 'g/s' },
  'ssh://git@altssh.bitbucket.org:443/workspace/r.git': { host: 'altssh.bitbucket.org', port: 443 },
  'https://bücher.example/o/r': { host: 'xn--bcher-kva.example' },
  'ssh://git@git.example.org/o/r.git': {
    ...ssh,
    user: 'git',
    path: '/o/r.git',
    url: 'ssh://git@git.example.org/o/r.git',
  },
  'ssh://git@git.example.org:2222/g/s/r.git': { ...ssh, user: 'git', port: 2222, owner: 'g/s' },
  'ssh://git@git.example.org:22/o/r': { ...ssh, port: undefined },
  'ssh://git:secret@git.example.org/o/r': { ...ssh, user: 'git', url: 'ssh://git@git.example.org/o/r' },
  'ssh://git@git.example.org/~ada/r.git': { ...ssh, owner: '~ada', path: '/~ada/r.git' },
  'git@git.example.org:o/r.git': { ...ssh, user: 'git', path: 'o/r.git', url: 'git@git.example.org:o/r.git' },
  'git.example.org:o/r': { ...ssh, user: undefined, path: 'o/r', url: 'git.example.org:o/r' },
  'git@git.example.org:/o/r': { ...ssh, path: '/o/r', owner: 'o' },
  '[git@git.example.org:2222]:o/r': {
    ...ssh,
    user: 'git',
    port: 2222,
    url: '[git@git.example.org:2222]:o/r',
  },
  'git@[git.example.org:2222]:o/r': {
    ...ssh,
    user: 'git',
    port: 2222,
    url: '[git@git.example.org:2222]:o/r',
  },
  'git@[::1]:o/r': { transport: 'ssh', host: '::1', url: 'git@[::1]:o/r' },
  '/srv/git/r.git': {
    transport: 'file',
    host: '',
    path: '/srv/git/r.git',
    owner: '',
    name: 'r',
    url: 'file:///srv/git/r.git',
  },
  '/srv/a b#c?/r': { transport: 'file', path: '/srv/a b#c?/r', url: 'file:///srv/a%20b%23c%3F/r' },
  'file:///srv/a%20b/r.git': { transport: 'file', path: '/srv/a b/r.git', name: 'r' },
  'file://localhost/srv/r.git': { transport: 'file', path: '/srv/r.git' },
  'https://dev.azure.com/org/my%20proj/_git/r': { host: 'dev.azure.com', owner: 'org/my proj', name: 'r' },
  'https://org@dev.azure.com/org/proj/_git/r': {
    owner: 'org/proj',
    url: 'https://dev.azure.com/org/proj/_git/r',
  },
  'https://dev.azure.com/org/_git/r': { owner: 'org/r', name: 'r' },
  'git@ssh.dev.azure.com:v3/org/my%20proj/r': { host: 'ssh.dev.azure.com', owner: 'org/my proj', name: 'r' },
  'ssh://git@ssh.dev.azure.com/v3/org/proj/r': { owner: 'org/proj', name: 'r' },
  'org@vs-ssh.visualstudio.com:v3/org/proj/r': { owner: 'org/proj', name: 'r' },
  'https://org.visualstudio.com/proj/_git/r': { owner: 'org/proj', name: 'r' },
  'https://org.visualstudio.com/DefaultCollection/proj/_git/r': { owner: 'org/proj', name: 'r' },
  'https://org.visualstudio.com/my%20proj/_git/my%20repo': { owner: 'org/my proj', name: 'my repo' },
  'https://org.visualstudio.com/_git/r': { owner: 'org/r', name: 'r' },
  'https://tfs.example.org/tfs/Main/proj/_git/r': { owner: 'tfs/Main/proj', name: 'r' },
}

const refused: Readonly<Record<string, RegExp>> = {
  '': /empty/,
  '  ': /empty/,
  'git://git.example.org/o/r': /git:\/\/ is neither/,
  'ftp://git.example.org/o/r': /"ftp" is not one of/,
  'ext::sh -c touch% /tmp/x': /remote helpers/,
  'transport::address': /remote helpers/,
  '-oProxyCommand=x:o/r': /option/,
  '--upload-pack=x': /option/,
  'ssh://-oProxyCommand=x/o/r': /host/,
  'git@-oProxyCommand:o/r': /host/,
  'ssh://-l@git.example.org/o/r': /user/,
  'host:-x/r': /option/,
  'https://git.example.org': /no repository/,
  'https://git.example.org/': /no repository/,
  'https://git.example.org/o/.git': /no repository/,
  'https:///o/r': /no host/,
  'https://git.example.org/o//r': /empty part/,
  'https://git.example.org/o/../r': /"\.\."/,
  'https://git.example.org/o/%2e%2e/r': /"\.\."/,
  'https://git.example.org/o/./r': /"\."/,
  'https://git.example.org/o%2fr': /encoded slash/,
  'https://git.example.org/o/r%00': /control/,
  'https://git.example.org/o/%zz': /percent/,
  'https://git.example.org/o/r?private=1': /query/,
  'https://git.example.org/o/r#main': /query/,
  'https://git.example.org:0/o/r': /port/,
  'https://git.example.org:99999/o/r': /port/,
  'https://git.exa mple.org/o/r': /host/,
  'https://git.example.org/o\nHost: x/r': /control/,
  'git@git.example.org:o/../r': /"\.\."/,
  'git@git.example.org:': /neither/,
  'C:\\repos\\r': /Windows/,
  'C:/repos/r': /Windows/,
  'file://server/share/r': /this machine/,
  '/srv/../r': /"\.\."/,
  '/': /no repository/,
  './r': /neither/,
  '../r': /neither/,
  'git+ssh://git@git.example.org/o/r': /"git\+ssh" is not one of/,
  'https://git.example.org/o/r?': /query/,
  'git@git.example.org:o/r#main': /query/,
  r: /neither/,
}

describe('parseRepositoryReference', () => {
  it.each(Object.entries(forms))('reads %s', (url, parts) => {
    const reference = parseRepositoryReference(url)
    for (const [name, value] of Object.entries(parts)) {
      expect.soft(reference[name as keyof RepositoryReference], name).toBe(value)
    }
    // What it makes is a form that it reads.
    expect(parseRepositoryReference(reference.url)).toEqual(reference)
  })

  it.each(Object.entries(refused))('refuses %j', (url, reason) => {
    expect(() => parseRepositoryReference(url)).toThrow(
      expect.objectContaining({ code: 'INVALID_REPOSITORY', message: expect.stringMatching(reason) }),
    )
  })

  it.each([
    'https://bot:s3cret-token@git.example.org/o/../r',
    'https://bot:s3cret-token/with/slash@git.example.org/o/r',
    'https://s3cret-token@git.example.org:99999/o/r',
    'https://git.example.org/o/r?private_token=s3cret-token',
    'bot:s3cret-token@git.example.org:o/r',
    'git://bot:s3cret-token@git.example.org/o/r',
    'ftp://bot:s3cret-token@git.example.org/o/r',
  ])('never shows the secret in %s', (url) => {
    let shown = ''
    try {
      parseRepositoryReference(url)
    } catch (error) {
      shown = `${String(error)} ${JSON.stringify((error as { details: unknown }).details)} ${(error as Error).stack}`
    }
    expect(shown).toContain('Not a repository')
    expect(shown).not.toContain('s3cret')
  })
})

describe('formatRepositoryReference', () => {
  it('shows no user info, also of a reference made by hand', () => {
    const reference = parseRepositoryReference('https://git.example.org/o/r')
    expect(formatRepositoryReference(reference)).toBe('https://git.example.org/o/r')
    const byHand = { ...reference, url: 'https://bot:s3cret@git.example.org/o/r' }
    expect(formatRepositoryReference(byHand)).toBe('https://git.example.org/o/r')
  })
})

describe('webHost', () => {
  it.each([
    ['git@github.com:o/r', 'github.com'],
    ['ssh://git@ssh.github.com:443/o/r', 'github.com'],
    ['ssh://git@altssh.gitlab.com:443/o/r', 'gitlab.com'],
    ['ssh://git@altssh.bitbucket.org:443/workspace/r', 'bitbucket.org'],
    ['git@ssh.dev.azure.com:v3/org/proj/r', 'dev.azure.com'],
    ['org@vs-ssh.visualstudio.com:v3/org/proj/r', 'dev.azure.com'],
    ['https://org.visualstudio.com/proj/_git/r', 'dev.azure.com'],
    ['https://git.example.org:8443/o/r', 'git.example.org'],
  ])('of %s is %s', (url, host) => {
    expect(webHost(parseRepositoryReference(url))).toBe(host)
  })
})
