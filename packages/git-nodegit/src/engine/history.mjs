// @ts-check
/** @typedef {import('./main.mjs').Store} Store */

/**
 * @param {Store} store
 * @param {readonly [string, string]} commits
 */
export async function mergeBase({ nodegit, repository }, [one, two]) {
  try {
    const base = await nodegit.Merge.base(
      repository,
      nodegit.Oid.fromString(one),
      nodegit.Oid.fromString(two),
    )
    return base.tostrS()
  } catch (error) {
    if (/** @type {{ errno?: number }} */ (error).errno === nodegit.Error.CODE.ENOTFOUND) return null
    throw error
  }
}

/**
 * @param {Pick<Store, 'nodegit' | 'repository'>} store
 * @param {readonly [string, string]} commits
 */
export async function isAncestor({ nodegit, repository }, [ancestor, descendant]) {
  if (ancestor === descendant) return true
  const [one, two] = [nodegit.Oid.fromString(descendant), nodegit.Oid.fromString(ancestor)]
  return (await nodegit.Graph.descendantOf(repository, one, two)) === 1
}

/** How many commits libgit2 walks before others get a turn. */
const step = 1_000

/**
 * @param {Store} store
 * @param {import('./calls.ts').WalkRequest} request
 * @param {import('./main.mjs').CallContext} context
 */
export async function walk({ nodegit, repository }, { from, exclude, firstParent, limit }, context) {
  const { Oid, Revwalk } = nodegit
  const walker = Revwalk.create(repository)
  walker.sorting(Revwalk.SORT.TOPOLOGICAL | Revwalk.SORT.TIME)
  walker.push(Oid.fromString(from))
  if (exclude !== null) walker.hide(Oid.fromString(exclude))
  if (firstParent) walker.simplifyFirstParent()
  /** @type {string[]} */
  const oids = []
  while (oids.length < limit && !context.isCancelled()) {
    const wanted = Math.min(step, limit - oids.length)
    const found = await walker.fastWalk(wanted)
    oids.push(...found.map((oid) => oid.tostrS()))
    if (found.length < wanted) break
  }
  return oids
}

/** Bits of an index entry's flags that tell which side of a conflict it is. */
const stage = 0x3000

/**
 * @param {Store} store
 * @param {readonly [string, string]} commits
 * @returns {Promise<import('./calls.ts').MergeResult>}
 */
export async function merge({ nodegit, repository }, [ours, theirs]) {
  const [one, two] = await Promise.all(
    [ours, theirs].map((oid) => nodegit.Commit.lookup(repository, nodegit.Oid.fromString(oid))),
  )
  if (!one || !two) throw new Error('A commit to merge is not there')
  const index = await nodegit.Merge.commits(repository, one, two, {})
  if (!index.hasConflicts()) return { tree: (await index.writeTreeTo(repository)).tostrS() }
  const paths = index.entries().flatMap(({ path, flags }) => ((flags & stage) === 0 ? [] : [path]))
  return { conflicts: Array.from(new Set(paths)).sort() }
}
