import type { HostAnswer } from '../exchange.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import { failed, invalid } from './answers.ts'

export const exists: HostAnswer = failed(
  409,
  'GitPullRequestExistsException',
  'TF401179: An active pull request for the source and target branch already exists.',
)

export const cannotBeActivated: HostAnswer = failed(
  400,
  'GitPullRequestCannotBeActivated',
  'TF401398: The pull request cannot be activated because the source and/or the target branch no longer exists, or the requested refs are not branches',
)

export function lengthProblem(title: unknown, description: unknown): HostAnswer | undefined {
  if (typeof title === 'string' && title.length > 400) {
    return invalid('A title for a pull request must not be longer than 400 characters.')
  }
  return typeof description === 'string' && description.length > 4000 ?
      invalid('A description for a pull request must not be longer than 4000 characters.')
    : undefined
}

export function openOf(
  { state }: HostRepository,
  { headRepository, head }: Pick<HostPull, 'headRepository' | 'head'>,
  base: string,
): HostPull | undefined {
  return state.pulls.find(
    (pull) =>
      pull.state === 'open' &&
      pull.headRepository === headRepository &&
      pull.head === head &&
      pull.base === base,
  )
}

export function branchOf(ref: unknown): string {
  return typeof ref === 'string' && ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : ''
}
