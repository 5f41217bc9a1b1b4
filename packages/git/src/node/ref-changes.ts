import type { FetchResult } from '../git.ts'
import type { Oid } from '../oid.ts'
import type { Refspec } from '../ref-name.ts'

type RefChange = FetchResult['changed'][number]

/** What differs between two lists of refs, ordered by name. */
export function changedRefs(
  before: ReadonlyMap<string, Oid>,
  after: ReadonlyMap<string, Oid>,
): FetchResult['changed'] {
  const names = new Set([...before.keys(), ...after.keys()])
  return Array.from(names)
    .sort()
    .map((ref) => ({ ref, before: before.get(ref) ?? null, after: after.get(ref) ?? null }))
    .filter((change) => change.before !== change.after)
}

/** Whether a fetch may have changed a ref: a destination, or a tag that came along. */
export function isFetched(specs: readonly Refspec[]): (change: Pick<RefChange, 'ref'>) => boolean {
  return ({ ref }) =>
    ref.startsWith('refs/tags/') ||
    specs.some(({ destination }) => {
      const [before = '', after] = destination.split('*')
      return after === undefined ? ref === destination : ref.startsWith(before) && ref.endsWith(after)
    })
}
