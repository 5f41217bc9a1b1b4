import { describe, expect, it } from 'vitest'
import { runApp } from './app.ts'

const https = ['--git-url', 'https://git.example.org/o/r.git']
const ssh = ['--git-url', 'git@git.example.org:o/r.git']

describe('faults in flags', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['no repository', [], /--git-url/],
    ['an unknown flag', [...https, '--nope'], /--nope/],
    ['a flag without its value', ['--git-url'], /git-url/],
    ['a stray word', [...https, 'stray'], /stray/],
    ['no repository URL', ['--git-url', 'git://host/x'], /--git-url/],
    ['a password in the URL', ['--git-url', 'https://bot:hunter2@git.example.org/o/r.git'], /LG_TOKEN/],
    ['an SSH key for HTTPS', [...https, '--identity-file', '/key'], /--identity-file/],
    ['SSH without key and agent', ssh, /--identity-file/],
    ['a port that is none', [...https, '--port', 'http'], /--port/],
    ['an interval of nothing', [...https, '--interval', '0'], /--interval/],
    ['an unknown provider', [...https, '--provider', 'sourceforge'], /--provider/],
    ['an empty author', [...https, '--author-name', ''], /--author-name/],
  ])('ends with usage and exit code 2 for %s', async (_, args, message) => {
    const exit = await runApp(args)
    expect(exit.code).toBe(2)
    expect(exit.stderr).toMatch(message)
    expect(exit.stderr).toContain('--help')
    expect(exit.stderr).not.toContain('hunter2')
    expect(exit.stdout).toBe('')
  })

  it('prints version and help', async () => {
    expect(await runApp(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^sample-gitops \d/),
    })
    const help = await runApp(['--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('--known-hosts')
  })
})
