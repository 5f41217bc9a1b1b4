import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { testKitErrors } from './errors.ts'
import { parseEnvironment } from './processes.ts'
import { findProgram } from './programs.ts'
import { createTree } from './tree.ts'

/** One call of git. */
export interface GitCall {
  /** Without the program itself. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** A `git` that writes down how it was called, and then is the real one. */
export interface GitSpy {
  /** Its absolute path. */
  readonly binary: string
  /** The folder that holds it and nothing else, to be put first in a PATH. */
  readonly dir: string
  /** All calls so far, in order. */
  records(): Promise<GitCall[]>
  /** All calls so far as one text, for searching. */
  text(): Promise<string>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes a `git` whose every call can be looked at, however short it is. It becomes the real git by `exec`:
 * same process, same descriptors. What git starts itself is not seen here; `watchProcesses` is for that.
 *
 * Rejects with `PROGRAM_MISSING` when there is no git.
 *
 * @example
 * ```ts
 * const spy = await createGitSpy()
 * await clone(url, { git: spy.binary, token })
 * expect(await spy.text()).not.toContain(token)
 * ```
 */
export async function createGitSpy(): Promise<GitSpy> {
  const real = await findProgram('git')
  if (real === undefined) {
    throw testKitErrors.create('PROGRAM_MISSING', 'git is not on the PATH; install it', { program: 'git' })
  }
  const tree = await createTree({ 'calls/.keep': '' })
  const calls = tree.path('calls')
  const binary = await tree.write('bin/git', scriptFor(real, calls), { mode: 0o755 })
  const records = async (): Promise<GitCall[]> => {
    const names = (await readdir(calls)).filter((name) => name !== '.keep')
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(calls, name)
        const { mtimeNs } = await stat(file, { bigint: true })
        return { mtimeNs, fields: (await readFile(file, 'utf8')).split('\0') }
      }),
    )
    files.sort((a, b) => Number(a.mtimeNs - b.mtimeNs))
    return files.map(({ fields: [count, ...fields] }) => ({
      args: fields.slice(0, Number(count)),
      environment: parseEnvironment(fields.slice(Number(count))),
    }))
  }
  return {
    binary,
    dir: tree.path('bin'),
    records,
    async text() {
      const options = { maxArrayLength: Infinity, maxStringLength: Infinity, breakLength: Infinity }
      return (await records()).map((call) => inspect(call, options)).join('\n')
    },
    close: tree.close,
    [Symbol.asyncDispose]: tree.close,
  }
}

function scriptFor(git: string, calls: string): string {
  return `#!/bin/sh
record=$(mktemp ${quote(calls)}/XXXXXXXXXX) || exit 1
{
  printf '%s\\0' "$#" "$@"
  env -0
} > "$record"
exec ${quote(git)} "$@"
`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
