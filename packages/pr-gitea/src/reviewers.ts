import type { IgnoredField } from '@lg/pull-request'
import type { StepResult } from '@lg/pull-request/hosted'
import { readAnswer } from '@lg/pull-request/http'
import { ContentType } from 'gitea-js'
import { allOf } from './api.ts'
import type { Decoration } from './decorate.ts'
import { missingFrom, paramsOf, sameName, type HostContext } from './host-context.ts'
import { read } from './read.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** Asks people and teams for a review, and takes back what was asked. */
export async function requestReviewers(
  context: HostContext,
  { pullRequest }: HostPullRequest,
  { reviewers, teamReviewers }: Pick<Decoration, 'reviewers' | 'teamReviewers'>,
): Promise<StepResult | undefined> {
  const { api, target, call } = context
  const { number, author } = pullRequest
  // The library sends these two as plain text, which Gitea refuses.
  const params = { ...paramsOf(call), type: ContentType.Json }
  const among = (names: readonly string[], some: readonly string[]): string[] =>
    some.filter((name) => names.some((other) => sameName(name, other)))
  const remove = {
    reviewers: among(reviewers.remove, pullRequest.reviewers),
    team_reviewers: among(teamReviewers.remove, pullRequest.teamReviewers),
  }
  const removes = remove.reviewers.length + remove.team_reviewers.length > 0
  if (removes) await api.repos.repoDeletePullReviewRequests(...target, number, remove, params)

  const self = reviewers.add.filter((login) => author !== undefined && sameName(login, author))
  let people = missingFrom([...pullRequest.reviewers, ...self], reviewers.add)
  // Who has answered is no longer asked, and would be asked again.
  if (people.length > 0) people = missingFrom(await reviewersDone(context, number), people)
  const teams = missingFrom(pullRequest.teamReviewers, teamReviewers.add)
  const adds = people.length + teams.length > 0
  const ignored: IgnoredField[] = []
  if (self.length > 0) {
    ignored.push({ field: 'reviewers', values: self, reason: 'nobody reviews a pull request of their own' })
  }
  if (adds) {
    const add = { reviewers: [...people], team_reviewers: [...teams] }
    await api.repos.repoCreatePullReviewRequests(...target, number, add, params)
    // A person's repository has no teams, and nothing is said about those.
    const dropped = missingFrom((await read(context, number)).pullRequest.teamReviewers, teams)
    const reason = 'the host has dropped it without a word: only repositories of organisations have teams'
    if (dropped.length > 0) ignored.push({ field: 'teamReviewers', values: dropped, reason })
    if (people.length === 0 && dropped.length === teams.length) return { changed: removes, ignored }
  }
  return { changed: adds || removes, ignored }
}

async function reviewersDone({ api, target, call }: HostContext, number: number): Promise<readonly string[]> {
  const logins: string[] = []
  const reviews = allOf((page) => api.repos.repoListPullReviews(...target, number, page, paramsOf(call)))
  for await (const data of reviews) {
    const review = readAnswer(data, 'review')
    const login = review.optionalRecord('user')?.text('login')
    if (login !== undefined && review.text('state') !== 'REQUEST_REVIEW') logins.push(login)
  }
  return logins
}
