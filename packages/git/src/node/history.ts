import { checkPath, type CallOptions } from '@lg/runtime'
import type { Commit } from '../commit.ts'
import { gitErrors } from '../errors.ts'
import type { GitObjects, LogOptions } from '../git.ts'
import type { Oid } from '../oid.ts'
import type { Trees } from './trees.ts'

/** What needs a walk over commits. */
export interface History extends Pick<GitObjects, 'mergeBase' | 'isAncestor' | 'log'> {
  /**
   * The merged tree, stored.
   *
   * @throws {LgError} `MERGE_CONFLICT`.
   */
  mergeTrees(ours: Oid, theirs: Oid, options?: CallOptions): Promise<Oid>
}

/** The walks as an engine does them, on commits that are here. */
export interface CommitWalks {
  mergeBase(a: Oid, b: Oid, options: CallOptions): Promise<Oid | undefined>
  isAncestor(ancestor: Oid, descendant: Oid, options: CallOptions): Promise<boolean>
  log(from: Oid, options: LogOptions): AsyncIterable<Commit>
  mergeTrees(
    ours: Oid,
    theirs: Oid,
    options: CallOptions,
  ): Promise<{ readonly tree: Oid } | { readonly conflicts: readonly string[] }>
}

/** The walks of an engine, which are asked only where the commits themselves do not tell. */
export function createHistory(trees: Trees, walks: CommitWalks): History {
  const commitsOf = (oids: readonly Oid[], { signal }: CallOptions): Promise<readonly Commit[]> =>
    Promise.all(oids.map((oid) => trees.readCommit(oid, { signal })))

  return {
    async mergeBase(a, b, options = {}) {
      await commitsOf([a, b], options)
      return a === b ? a : await walks.mergeBase(a, b, options)
    },
    async isAncestor(ancestor, descendant, options = {}) {
      const [, below] = await commitsOf([ancestor, descendant], options)
      // Whoever follows a branch mostly asks about one commit more.
      if (ancestor === descendant || below?.parents.includes(ancestor)) return true
      return await walks.isAncestor(ancestor, descendant, options)
    },
    async *log(from, options = {}) {
      for (const path of options.paths ?? []) checkPath(path)
      await commitsOf(options.exclude === undefined ? [from] : [from, options.exclude], options)
      yield* walks.log(from, options)
    },
    async mergeTrees(ours, theirs, options = {}) {
      const merged = await walks.mergeTrees(ours, theirs, options)
      if ('tree' in merged) return merged.tree
      const paths = merged.conflicts
      throw gitErrors.create(
        'MERGE_CONFLICT',
        `${theirs.slice(0, 10)} cannot be merged into ${ours.slice(0, 10)} without a person: ${paths.join(', ')}`,
        { paths },
      )
    },
  }
}
