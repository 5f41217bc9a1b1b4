import { createHash } from 'node:crypto'
import type { Commit, CommitHeaders, NewCommit, Oid, Person, Signature } from '@lg/git'
import { randomHex, type Random } from '@lg/runtime'

/** Header of every commit that a transaction makes. */
const header = 'lg-transaction'

/**
 * Marks a commit as made by a transaction, and as exactly this one: who changes it or builds it anew, under whatever
 * name, makes a commit without a mark that fits. The number in it also tells apart what two clones make of the same
 * change in the same second, so that neither takes the other's push for its own.
 */
export function markOf(
  commit: Pick<NewCommit, 'parents' | 'author' | 'message'> & { readonly committer: Signature },
  random: Random,
): (tree: Oid) => CommitHeaders {
  const number = randomHex(random, 8)
  return (tree) => ({ [header]: `${number} ${digest(number, { ...commit, tree })}` })
}

/** Whether a commit is as a transaction of this committer made it. */
export function isMarked(commit: Commit, { name, email }: Person): boolean {
  const { committer, headers } = commit
  if (committer.name !== name || committer.email !== email) return false
  const [number = '', value] = headers?.[header]?.split(' ') ?? []
  return value === digest(number, commit)
}

type Content = Pick<Commit, 'tree' | 'parents' | 'author' | 'committer' | 'message'>

function digest(number: string, { tree, parents, author, committer, message }: Content): string {
  const people = [author, committer].map(({ name, email, time, offset = 0 }) => [
    name,
    email,
    Math.floor(time / 1000),
    offset,
  ])
  return createHash('sha256')
    .update(JSON.stringify([number, tree, parents, people, message]))
    .digest('hex')
}
