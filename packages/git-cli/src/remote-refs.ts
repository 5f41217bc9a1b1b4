import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isOid } from '@lg/git'
import type { Oid, RemoteRefs } from '@lg/git'
import type { RemoteProcess } from './remote-process.ts'

export type ReadRemoteRefs = (
  prefixes: readonly string[],
  signal: AbortSignal | undefined,
) => Promise<RemoteRefs>

export function createRemoteRefs(process: RemoteProcess, folder: string): ReadRemoteRefs {
  const { remote, url, run, uniqueName } = process

  /** The branch that the remote's HEAD names but that has no commit yet: only a clone is told of it. */
  const unbornHead = async (signal: AbortSignal | undefined): Promise<string | undefined> => {
    const target = join(folder, uniqueName('clone'))
    // A clone by path would copy files instead of asking.
    const source = remote.transport === 'file' ? remote.url : url
    const options = ['--bare', '--quiet', '--template=', '--depth=1', '--single-branch', '--no-tags']
    const args = ['clone', ...options, '--end-of-options', source, target]
    try {
      await run({ operation: 'clone', args, signal, elsewhere: true })
      return /^ref: refs\/heads\/(.+)$/m.exec(await readFile(join(target, 'HEAD'), 'utf8'))?.[1]
    } finally {
      await rm(target, { recursive: true, force: true })
    }
  }

  return async (prefixes, signal) => {
    const args = ['ls-remote', '--symref', '--end-of-options', url, ...patternsOf(prefixes)]
    const { stdout } = await run({ operation: 'ls-remote', args, signal })
    const { head, refs } = parseRemoteRefs(stdout, prefixes)
    const isDetached = /\tHEAD$/m.test(stdout)
    const named = head ?? (isDetached ? undefined : await unbornHead(signal))
    return { ...(named !== undefined && { head: named }), refs }
  }
}

function patternsOf(prefixes: readonly string[]): readonly string[] {
  // "HEAD" is asked for along, for the branch that it names.
  return prefixes.length === 0 ? [] : ['HEAD', ...prefixes.map((prefix) => `${prefix}*`)]
}

function parseRemoteRefs(stdout: string, prefixes: readonly string[]): RemoteRefs {
  const refs = new Map<string, Oid>()
  let head: string | undefined
  for (const line of stdout.split('\n')) {
    const [value = '', ref = ''] = line.split('\t')
    const target = /^ref: refs\/heads\/(.+)$/.exec(value)?.[1]
    if (target !== undefined && ref === 'HEAD') head = target
    // A pattern matches at the end of longer names too.
    const isWanted = prefixes.length === 0 || prefixes.some((prefix) => ref.startsWith(prefix))
    if (isOid(value) && ref.startsWith('refs/') && !ref.endsWith('^{}') && isWanted) refs.set(ref, value)
  }
  return { head, refs }
}
