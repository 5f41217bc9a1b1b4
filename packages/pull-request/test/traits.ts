import { parseRepositoryReference, type RepositoryReference } from '@lg/git'
import type { ProviderTraits, PullRequestCapabilities, PullRequestSpec } from '@lg/pull-request'

export const repository: RepositoryReference = parseRepositoryReference('https://git.example.org/lg/cars.git')

/** A host that can do all, but for `less`. */
export function traitsWith(less: Partial<PullRequestCapabilities> = {}): ProviderTraits {
  return {
    name: 'git.example.org',
    capabilities: {
      labels: 'create',
      assignees: Infinity,
      reviewers: Infinity,
      teamReviewers: true,
      milestone: true,
      draft: true,
      autoMerge: true,
      mergeMethods: ['merge', 'squash'],
      reopen: true,
      forks: true,
      comments: true,
      checks: true,
      diff: 'text',
      titleLimit: 20,
      descriptionLimit: 40,
      ...less,
    },
  }
}

export const spec: PullRequestSpec = { repository, head: 'faster', base: 'main', title: 'Make cars faster' }
