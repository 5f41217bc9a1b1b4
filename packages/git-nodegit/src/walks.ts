import { gitErrors } from '@lg/git'
import type { Commit, LogOptions, Oid } from '@lg/git'
import type { Trees } from '@lg/git/node'
import { checkPath, type CallOptions } from '@lg/runtime'
import type { Engine } from './engine.ts'
import { localFailure } from './failures.ts'

export interface History {
  mergeBase(a: Oid, b: Oid, options?: CallOptions): Promise<Oid | undefined>
  isAncestor(ancestor: Oid, descendant: Oid, options?: CallOptions): Promise<boolean>
  log(from: Oid, options?: LogOptions): AsyncIterable<Commit>
  /** The merged tree, stored. */
  mergeTrees(ours: Oid, theirs: Oid, options?: CallOptions): Promise<Oid>
}

export function createHistory(engine: Engine, trees: Trees, timeout: number): History {
  const check = async (oids: readonly Oid[], options: CallOptions): Promise<void> => {
    await Promise.all(oids.map((oid) => trees.readCommit(oid, options)))
  }

  const changes = async (
    { oid, parents }: Commit,
    paths: readonly string[],
    options: CallOptions,
  ): Promise<boolean> => {
    const own = await nodesAt(oid, paths, options)
    if (parents.length === 0) return own.some((node) => node !== '')
    const others = await Promise.all(parents.map((parent) => nodesAt(parent, paths, options)))
    return others.every((nodes) => nodes.some((node, index) => node !== own[index]))
  }

  const nodesAt = (commit: Oid, paths: readonly string[], options: CallOptions): Promise<readonly string[]> =>
    Promise.all(
      paths.map(async (path) => {
        const node = await trees.findNode(commit, path, options)
        return node ? `${node.mode} ${node.oid}` : ''
      }),
    )

  return {
    async mergeBase(a, b, options = {}) {
      await check([a, b], options)
      const settings = { timeout, signal: options.signal, repeatable: true }
      const base = await engine.call('mergeBase', [a, b], settings).catch(localFailure('find a merge base'))
      return base ?? undefined
    },
    async isAncestor(ancestor, descendant, options = {}) {
      await check([ancestor, descendant], options)
      const settings = { timeout, signal: options.signal, repeatable: true }
      return engine
        .call('isAncestor', [ancestor, descendant], settings)
        .catch(localFailure('compare two commits'))
    },
    async *log(from, options = {}) {
      const { exclude = null, paths = [], limit = Infinity, firstParent = false, signal } = options
      for (const path of paths) checkPath(path)
      await check(exclude === null ? [from] : [from, exclude], { signal })
      const request = { from, exclude, firstParent, limit: paths.length === 0 ? limit : Infinity }
      const oids = await engine
        .call('walk', request, { timeout, signal, repeatable: true })
        .catch(localFailure('walk over commits'))
      let found = 0
      for (const oid of oids) {
        if (found >= limit) return
        const commit = await trees.readCommit(oid, { signal })
        if (paths.length > 0 && !(await changes(commit, paths, { signal }))) continue
        found++
        yield commit
      }
    },
    async mergeTrees(ours, theirs, { signal } = {}) {
      const result = await engine
        .call('merge', [ours, theirs], { timeout, signal, repeatable: true })
        .catch(localFailure('merge'))
      if ('tree' in result) return result.tree
      const paths = result.conflicts
      throw gitErrors.create(
        'MERGE_CONFLICT',
        `${theirs.slice(0, 10)} cannot be merged into ${ours.slice(0, 10)} without a person: ${paths.join(', ')}`,
        { paths },
      )
    },
  }
}
