import { isOid } from '@lg/git'
import type { Oid } from '@lg/git'
import type { CommitWalks, Trees } from '@lg/git/node'
import type { CallOptions } from '@lg/runtime'
import { gitFailed } from './git-process.ts'
import type { GitProcess } from './git-process.ts'
import { historyIncomplete, readShallow } from './shallow.ts'

/** Walks over commits, which git itself does best. */
export function createWalks(git: GitProcess, trees: Trees): CommitWalks {
  const isWithin = async (ancestor: Oid, descendant: Oid, { signal }: CallOptions): Promise<boolean> => {
    const args = ['merge-base', '--is-ancestor', ancestor, descendant]
    const output = await git.run({ operation: 'merge-base', args, signal })
    if (output.status === 0 || output.status === 1) return output.status === 0
    throw gitFailed('merge-base', output)
  }

  /** Throws when what comes before one of these commits, and not before `exclude`, was never fetched. */
  const checkComplete = async (
    oids: readonly Oid[],
    options: CallOptions & { readonly exclude?: Oid | undefined },
  ): Promise<void> => {
    const { exclude } = options
    for (const end of await readShallow(git.dir)) {
      if (exclude !== undefined && (await isWithin(end, exclude, options))) continue
      for (const oid of oids) if (await isWithin(end, oid, options)) throw historyIncomplete(end)
    }
  }

  return {
    async mergeBase(a, b, options) {
      const output = await git.run({
        operation: 'merge-base',
        args: ['merge-base', a, b],
        signal: options.signal,
      })
      if (output.status === 0) return output.stdout.trim()
      if (output.status !== 1) throw gitFailed('merge-base', output)
      await checkComplete([a, b], options)
      return undefined
    },
    async isAncestor(ancestor, descendant, options) {
      if (await isWithin(ancestor, descendant, options)) return true
      // What comes after a commit is not before it, however much of the history is missing.
      if (!(await isWithin(descendant, ancestor, options))) await checkComplete([descendant], options)
      return false
    },
    async *log(from, { exclude, paths = [], limit, firstParent = false, signal }) {
      const args = [
        'rev-list',
        '--date-order',
        ...(limit === undefined ? [] : [`--max-count=${limit}`]),
        ...(firstParent ? ['--first-parent'] : []),
        from,
        ...(exclude === undefined ? [] : [`^${exclude}`]),
        '--',
        ...paths,
      ]
      const { stdout } = await git.succeed({ operation: 'rev-list', args, signal })
      const oids = stdout.split('\n').filter((oid) => oid !== '')
      // A commit whose parents are not here seems to change all that is in it.
      const ends = paths.length > 0 ? await readShallow(git.dir) : new Set<Oid>()
      for (const oid of oids) {
        if (ends.has(oid)) throw historyIncomplete(oid)
        yield await trees.readCommit(oid, { signal })
      }
      if (limit === undefined || oids.length < limit) await checkComplete([from], { exclude, signal })
    },
    async mergeTrees(ours, theirs, { signal }) {
      const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs]
      const output = await git.run({ operation: 'merge-tree', args, signal })
      const [tree = '', ...conflicts] = output.stdout.split('\0').filter((part) => part !== '')
      if (output.status === 0 && isOid(tree)) return { tree }
      if (output.status !== 1) throw gitFailed('merge-tree', output)
      return { conflicts }
    },
  }
}
