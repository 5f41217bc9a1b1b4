import { createHash } from 'node:crypto'
import { checkBranchName, gitErrors } from '@lg/git'
import { storageGitErrors } from '../errors.ts'

/** Head branches of a policy. */
export interface BranchTemplate {
  /** What all of them begin with. */
  readonly prefix: string
  branchOf(key: string, hash: string): string
  /** How a key stands in names of branches; different for different keys. */
  slugOf(key: string): string
  /** The slug in a branch of this template; `undefined` for any other branch. */
  readSlug(branch: string): string | undefined
}

const slugPattern = '[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?'
const hashPattern = '[0-9a-f]{8}'
const longestSlug = 100

/** @throws {LgError} `INVALID_OPTION`. */
export function createBranchTemplate(template: string): BranchTemplate {
  const parts = template.split(/(\{[^}]*\})/)
  const placeholders = parts.filter((part) => part.startsWith('{'))
  const branchOf = (slug: string, hash: string): string =>
    parts
      .map((part) =>
        part === '{key}' ? slug
        : part === '{hash}' ? hash
        : part,
      )
      .join('')
  const problem =
    parts[0] === '' ? 'begins with a placeholder; begin with something that no branch of others begins with'
    : placeholders.some((part) => part !== '{key}' && part !== '{hash}') ? 'knows only {key} and {hash}'
    : placeholders.filter((part) => part === '{key}').length !== 1 ? 'has {key} not once'
    : placeholders.length > 2 ? 'has {hash} more than once'
    : nameProblem(branchOf('key', '01234567'))
  if (problem !== undefined) throw invalid(template, problem)
  const pattern = new RegExp(`^${parts.map(patternOf).join('')}$`)
  return {
    prefix: parts[0] ?? '',
    branchOf: (key, hash) => branchOf(slugOf(key), hash),
    slugOf,
    readSlug: (branch) => pattern.exec(branch)?.groups?.['key'],
  }
}

/** What a key has that branches cannot, or that two keys could share, is told apart by a few digits. */
function slugOf(key: string): string {
  const slug = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, (found) => (/^[._-]$/.test(found) ? found : '-'))
    .slice(0, longestSlug)
    .replace(/^[._-]+|[._-]+$/g, '')
  if (slug !== '' && slug === key && !slug.endsWith('.lock')) return slug
  const digits = createHash('sha256').update(key).digest('hex').slice(0, 8)
  return slug === '' ? digits : `${slug}-${digits}`
}

function patternOf(part: string): string {
  if (part === '{key}') return `(?<key>${slugPattern})`
  return part === '{hash}' ? hashPattern : part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

function nameProblem(branch: string): string | undefined {
  try {
    checkBranchName(branch)
    return undefined
  } catch (error) {
    if (gitErrors.is(error, 'INVALID_REF')) return `makes no name of a branch: ${error.details.reason}`
    throw error
  }
}

function invalid(template: string, reason: string): Error {
  const option = 'pullRequestPolicy.branch'
  return storageGitErrors.create('INVALID_OPTION', `${option} "${template}" ${reason}`, { option })
}
