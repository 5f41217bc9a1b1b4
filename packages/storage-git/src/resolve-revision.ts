import { gitErrors, type Oid } from '@lg/git'
import type { GitDirectory } from '@lg/gitdir'
import type { AtOptions } from './git-storage.ts'

/**
 * The commit of a revision. What the clone does not know, or is to look at again, is fetched by name.
 *
 * @throws {LgError} `REF_NOT_FOUND`, `REF_AMBIGUOUS`, `INVALID_REF`.
 */
export async function resolveRevision(
  gitDirectory: GitDirectory,
  revision: string,
  { freshness = 'local', signal }: AtOptions = {},
): Promise<Oid> {
  const { repository } = gitDirectory
  const [first, ...others] = placesOf(revision)
  const resolve = (): Promise<Oid> => repository.resolve(first?.exact ? first.local : revision, { signal })
  if (first === undefined) return await resolve()
  if (freshness === 'local') {
    try {
      return await resolve()
    } catch (error) {
      if (!gitErrors.is(error, 'REF_NOT_FOUND')) throw error
    }
  }
  for (const { remote, local } of [first, ...others]) {
    try {
      await repository.fetch({ refspecs: [`+${remote}:${local}`], signal })
    } catch (error) {
      if (!gitErrors.is(error, 'REF_NOT_FOUND')) throw error
    }
  }
  return await resolve()
}

interface Place {
  readonly remote: string
  readonly local: string
  /** The local name alone is meant. */
  readonly exact?: true
}

/** Where a name can stand on the remote, and where it is kept here; nowhere for the name of an object. */
function placesOf(revision: string): readonly Place[] {
  if (revision === 'HEAD' || /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(revision)) return []
  const branch = (name: string): Place => ({
    remote: `refs/heads/${name}`,
    local: `refs/remotes/origin/${name}`,
  })
  const tag = (name: string): Place => ({ remote: `refs/tags/${name}`, local: `refs/tags/${name}` })
  if (revision.startsWith('refs/heads/')) return [{ ...branch(revision.slice(11)), exact: true }]
  if (revision.startsWith('refs/tags/')) return [{ ...tag(revision.slice(10)), exact: true }]
  if (revision.startsWith('refs/'))
    return [{ remote: revision, local: `refs/lg/tx/at/${revision.slice(5)}`, exact: true }]
  return [branch(revision), tag(revision)]
}
