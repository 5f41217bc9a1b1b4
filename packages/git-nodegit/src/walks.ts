import type { Commit, Oid } from '@lg/git'
import type { CommitWalks, Trees } from '@lg/git/node'
import type { CallOptions } from '@lg/runtime'
import type { Engine } from './engine.ts'
import { localFailure } from './failures.ts'

export function createWalks(engine: Engine, trees: Trees, timeout: number): CommitWalks {
  const settings = ({ signal }: CallOptions) => ({ timeout, signal, repeatable: true })

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
    async mergeBase(a, b, options) {
      const base = await engine
        .call('mergeBase', [a, b], settings(options))
        .catch(localFailure('find a merge base'))
      return base ?? undefined
    },
    isAncestor: (ancestor, descendant, options) =>
      engine
        .call('isAncestor', [ancestor, descendant], settings(options))
        .catch(localFailure('compare two commits')),
    async *log(from, { exclude = null, paths = [], limit = Infinity, firstParent = false, signal }) {
      const request = { from, exclude, firstParent, limit: paths.length === 0 ? limit : Infinity }
      const oids = await engine
        .call('walk', request, settings({ signal }))
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
    mergeTrees: (ours, theirs, options) =>
      engine.call('merge', [ours, theirs], settings(options)).catch(localFailure('merge')),
  }
}
