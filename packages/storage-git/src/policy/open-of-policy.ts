import type { CallOptions } from '@lg/runtime'
import type { PolicyTools } from './apply-policy.ts'
import type { BranchTemplate } from './branch-template.ts'
import type { OpenPullRequest } from './plan-policy.ts'

/** The open pull requests whose branch is one of the policy, in this repository and for the branch followed. */
export async function openOfPolicy(
  { gitDirectory, provider }: PolicyTools,
  template: BranchTemplate,
  call: CallOptions,
): Promise<readonly OpenPullRequest[]> {
  const { reference: repository, branch: base } = gitDirectory
  const { pullRequests } = await provider.list({ repository, base, state: 'open' }, call)
  return pullRequests.flatMap((pullRequest) => {
    const slug = pullRequest.headRepository === undefined ? template.readSlug(pullRequest.head) : undefined
    return slug === undefined ? [] : [{ pullRequest, slug }]
  })
}
