import type { IgnoredField } from '@lg/pull-request'
import type { StepResult } from '@lg/pull-request/hosted'
import { hasNextPage, itemsOf, readAnswer, type Page } from '@lg/pull-request/http'
import type { Decoration } from './decorate.ts'
import { missingFrom, sameName, type HostContext } from './host-context.ts'
import { pageSize } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** Asks people and teams for a review, and takes back what was asked. */
export async function requestReviewers(
  context: HostContext,
  { pullRequest }: HostPullRequest,
  { reviewers, teamReviewers }: Pick<Decoration, 'reviewers' | 'teamReviewers'>,
  created: boolean,
): Promise<StepResult | undefined> {
  const { api, target } = context
  const { number, author } = pullRequest
  const request = { ...target, pull_number: number }
  const among = (names: readonly string[], some: readonly string[]): readonly string[] =>
    some.filter((name) => names.some((other) => sameName(name, other)))
  const remove = {
    reviewers: [...among(reviewers.remove, pullRequest.reviewers)],
    team_reviewers: [...among(teamReviewers.remove, pullRequest.teamReviewers)],
  }
  const removes = remove.reviewers.length + remove.team_reviewers.length > 0
  if (removes) await api.rest.pulls.removeRequestedReviewers({ ...request, ...remove })

  const self = reviewers.add.filter((login) => author !== undefined && sameName(login, author))
  let people = missingFrom([...pullRequest.reviewers, ...self], reviewers.add)
  // Who has answered is no longer asked, and would be asked again.
  if (people.length > 0 && !created) people = missingFrom(await reviewersDone(context, number), people)
  const teams = missingFrom(pullRequest.teamReviewers, teamReviewers.add)
  const adds = people.length + teams.length > 0
  if (adds) {
    const add = { reviewers: [...people], ...(teams.length > 0 && { team_reviewers: [...teams] }) }
    await api.rest.pulls.requestReviewers({ ...request, ...add })
  }
  const ignored: readonly IgnoredField[] =
    self.length === 0 ?
      []
    : [{ field: 'reviewers', values: self, reason: 'nobody reviews a pull request of their own' }]
  return { changed: adds || removes, ignored }
}

async function reviewersDone({ api, target }: HostContext, number: number): Promise<readonly string[]> {
  const logins: string[] = []
  const reviews = itemsOf(async (page): Promise<Page<unknown>> => {
    const request = { ...target, pull_number: number, per_page: pageSize, page }
    const { data, headers } = await api.rest.pulls.listReviews(request)
    return { items: data, more: hasNextPage(headers.link) }
  })
  for await (const data of reviews) {
    const login = readAnswer(data, 'review').optionalRecord('user')?.text('login')
    if (login !== undefined) logins.push(login)
  }
  return logins
}
