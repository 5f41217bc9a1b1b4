import { describe, expect, it } from 'vitest'
import { commonFlags, formatUsage, parseFlags, parsePort, UsageError } from '../src/index.ts'

const flags = { ...commonFlags, 'git-url': { value: '<url>', help: 'the repository' } }

describe('flags', () => {
  it('reads values and defaults', () => {
    expect(parseFlags(['--git-url', 'x', '--port=1'], flags)).toMatchObject({
      'git-url': 'x',
      port: '1',
      host: 'localhost',
    })
  })

  it.each([[['--nope']], [['--git-url']], [['stray']], [['--version=yes']]])('refuses %j', (args) => {
    expect(() => parseFlags(args, flags)).toThrow(UsageError)
  })

  it.each(['', '-1', '65536', '1.5', 'http', '1e3'])('refuses the port "%s"', (text) => {
    expect(() => parsePort(text)).toThrow(UsageError)
  })

  it('shows every flag with its default', () => {
    const usage = formatUsage('sample', 'A sample.', flags)
    for (const name of Object.keys(flags)) expect(usage).toContain(`--${name}`)
    expect(usage).toContain('(default: 8888)')
  })
})
