import type { HostAnswer } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import { fieldOf } from '../github/answers.ts'
import { failed, invalid } from './answers.ts'
import type { Merges } from './completion.ts'
import { guidOf } from './ids.ts'
import { isBlocked, isStrategyAllowed } from './policies.ts'
import { branchOf, cannotBeActivated, exists, lengthProblem, openOf } from './pull-rules.ts'

interface ChangedPull {
  readonly context: HostContext
  readonly repository: HostRepository
  readonly pull: HostPull
  readonly merges: Merges
  readonly mergeReads: number
}

const notEditable = failed(
  400,
  'GitPullRequestNotEditableException',
  'TF401181: The pull request cannot be edited due to its state.',
)
const rejected = (message: string): HostAnswer =>
  failed(403, 'GitPullRequestUpdateRejectedByPolicyException', message)

/** Does what a request asks for, or says why not. */
export async function change(body: unknown, at: ChangedPull): Promise<HostAnswer | undefined> {
  const { pull } = at
  const read = (name: string): unknown => fieldOf(body, name)
  const completes = read('status') === 'completed'
  const fixed = ['sourceRefName', 'reviewers', 'labels', 'pullRequestId', 'repository']
  if (fixed.some((name) => read(name) !== undefined)) return invalid('Only some fields can be updated.')
  if (read('lastMergeSourceCommit') !== undefined && !completes) {
    return invalid('Only some fields can be updated.')
  }
  if (pull.state === 'merged') return notEditable
  // All else in the same request is passed over.
  if (read('targetRefName') !== undefined) return await retarget(branchOf(read('targetRefName')), at)
  if (read('mergeStatus') === 'queued') return void at.merges.looks.delete(pull)
  if (completes) return complete(body, at)
  const tooLong = lengthProblem(read('title'), read('description'))
  if (tooLong !== undefined) return tooLong
  const refusal = changeAutoComplete(body, at) ?? (await changeStatus(read('status'), at))
  if (refusal !== undefined) return refusal
  const [title, description, draft] = [read('title'), read('description'), read('isDraft')]
  if (typeof title === 'string') pull.title = title
  if (typeof description === 'string') pull.body = description
  if (typeof draft === 'boolean') pull.draft = draft
  return undefined
}

async function retarget(
  base: string,
  { repository, pull, merges }: ChangedPull,
): Promise<HostAnswer | undefined> {
  const tip = (await repository.git.branches())[base]
  if (tip === undefined) return cannotBeActivated
  if (openOf(repository, pull, base) !== undefined) return exists
  pull.base = base
  merges.looks.delete(pull)
  pull.baseCommit = tip
  return undefined
}

/** Queues the merge: whether it works shows later. */
function complete(body: unknown, at: ChangedPull): HostAnswer | undefined {
  const { repository, pull, merges, mergeReads } = at
  if (pull.state !== 'open') return notEditable
  const commit = fieldOf(fieldOf(body, 'lastMergeSourceCommit'), 'commitId')
  if (typeof commit !== 'string' || commit.length !== 40) {
    return invalid('The last merge source commit is required.')
  }
  if (commit !== pull.headCommit) {
    const message = 'TF401192: The source branch has been modified since the last merge attempt.'
    return failed(409, 'GitPullRequestStaleException', message)
  }
  if (pull.draft) return rejected('Draft pull requests cannot be completed.')
  const options = fieldOf(body, 'completionOptions')
  const strategy = String(fieldOf(options, 'mergeStrategy') ?? 'noFastForward')
  if (!isStrategyAllowed(strategy, repository)) {
    return rejected('Current merge strategy is not allowed by policy.')
  }
  if (isBlocked(pull, repository)) return rejected('TF401190: The update is rejected by policy')
  merges.queue.set(pull, { ...mergeOf(options, pull), left: mergeReads })
  return undefined
}

function mergeOf(
  options: unknown,
  pull: HostPull,
): { readonly strategy: string; readonly message: string; readonly deleteBranch: boolean } {
  return {
    strategy: String(fieldOf(options, 'mergeStrategy') ?? 'noFastForward'),
    message: String(fieldOf(options, 'mergeCommitMessage') ?? `Merged PR ${pull.number}: ${pull.title}`),
    deleteBranch: fieldOf(options, 'deleteSourceBranch') === true,
  }
}

/** In one's own name only; when the policies are met already, it is merged at once. */
function changeAutoComplete(body: unknown, at: ChangedPull): HostAnswer | undefined {
  const { context, repository, pull, merges } = at
  const id = fieldOf(fieldOf(body, 'autoCompleteSetBy'), 'id')
  if (id === undefined) return undefined
  if (id === '00000000-0000-0000-0000-000000000000') {
    pull.autoMerge = undefined
    return undefined
  }
  if (id !== guidOf(context.login)) return invalid('The ID of the user who sets auto-complete is invalid.')
  const options = fieldOf(body, 'completionOptions')
  const merge = mergeOf(options, pull)
  if (!isStrategyAllowed(merge.strategy, repository))
    return invalid('Merge strategy is not allowed by policy')
  pull.autoMerge = merge.strategy
  if (!isBlocked(pull, repository) && !pull.draft) merges.queue.set(pull, { ...merge, left: 0 })
  return undefined
}

async function changeStatus(
  status: unknown,
  { context, repository, pull }: ChangedPull,
): Promise<HostAnswer | undefined> {
  if (status === 'abandoned' && pull.state === 'open') {
    pull.state = 'closed'
    pull.closedAt = context.now()
    pull.autoMerge = undefined
  }
  if (status !== 'active' || pull.state !== 'closed') return undefined
  const from = context.repository(pull.headRepository)
  const isThere = (await from?.git.branches())?.[pull.head] !== undefined
  if (!isThere || (await repository.git.branches())[pull.base] === undefined) return cannotBeActivated
  if (openOf(repository, pull, pull.base) !== undefined) return exists
  pull.state = 'open'
  pull.closedAt = undefined
  return undefined
}
