import { equalValues } from '@lg/runtime'
import { pullRequestErrors } from '../errors.ts'
import { createPullRequestError } from '../failure.ts'
import { toPortError, type ReadStatus } from '../http/port-error.ts'
import type { PreparedSpec } from '../prepare-spec.ts'
import type { IgnoredField, PullRequest, PullRequestResult } from '../pull-request.ts'
import type { HostedContext } from './hosted-context.ts'
import type { Proposed } from './marker.ts'
import { planAgain, proposedBy, type AgainPlan } from './plan-again.ts'

/** A pull request as a host has it; providers add what they need besides. */
export interface Found {
  readonly pullRequest: PullRequest
  readonly proposed: Proposed | undefined
}

export type Opened<Host extends Found> =
  | { readonly type: 'opened'; readonly found: Host; readonly ignored: readonly IgnoredField[] }
  /** Refused, because another one of the same branches is open. */
  | { readonly type: 'there' }

/** The steps of `createPullRequest` that differ from host to host. */
export interface ProposeSteps<Host extends Found, Resolved> {
  readonly readStatus: ReadStatus
  /** The open one of the spec's branches. */
  findOpen(): Promise<Host | undefined>
  /** Looks up names, and changes nothing. */
  resolve(open: Host | undefined): Promise<Resolved>
  /** Opens a new one, with this marker. */
  open(resolved: Resolved, proposed: Proposed): Promise<Opened<Host>>
  /** What is left to do on one that was just opened. */
  finish(opened: Extract<Opened<Host>, { type: 'opened' }>, resolved: Resolved): Promise<PullRequestResult>
  /** Brings an open one up to date. */
  again(found: Host, plan: AgainPlan, resolved: Resolved): Promise<PullRequestResult>
}

/** Lists may lag behind what was written. */
const lookAgainWaits = [0, 500, 1000, 2000]

/**
 * Opens a pull request, or brings the open one of the same branches up to date: names are resolved before anything is
 * made, a lost race and a lost answer end with the one pull request that is there.
 */
export async function propose<Host extends Found, Resolved>(
  context: HostedContext,
  spec: PreparedSpec,
  steps: ProposeSteps<Host, Resolved>,
): Promise<PullRequestResult> {
  const open = await steps.findOpen()
  const resolved = await steps.resolve(open)
  if (open !== undefined) return await bringUpToDate(open, resolved)
  const opened = await openNew()
  if (opened.type === 'opened') return await steps.finish(opened, resolved)
  return await bringUpToDate(await lookAgain(context, steps), resolved)

  async function bringUpToDate(found: Host, names: Resolved): Promise<PullRequestResult> {
    const { title, description, draft, milestone } = found.pullRequest
    const plan = await planAgain({ title, description, draft, milestone, proposed: found.proposed }, spec)
    return await steps.again(found, plan, names)
  }

  /** A request without an answer may have been served: the pull request is then there, with our marker. */
  async function openNew(): Promise<Opened<Host>> {
    const proposed = await proposedBy(spec)
    try {
      return await steps.open(resolved, proposed)
    } catch (error) {
      if (context.call.signal?.aborted) throw error
      const failure = toPortError(error, context.place, steps.readStatus)
      const unknown =
        pullRequestErrors.is(failure, 'BAD_RESPONSE') ||
        ((pullRequestErrors.is(failure, 'NETWORK') || pullRequestErrors.is(failure, 'TIMEOUT')) &&
          failure.details.sent)
      if (!unknown) throw failure
      const found = await steps.findOpen().catch(() => undefined)
      if (!equalValues(found?.proposed, proposed) || found === undefined) throw failure
      return { type: 'opened', found, ignored: [] }
    }
  }
}

async function lookAgain<Host extends Found, Resolved>(
  { clock, call, place }: HostedContext,
  steps: ProposeSteps<Host, Resolved>,
): Promise<Host> {
  for (const wait of lookAgainWaits) {
    if (wait > 0) await clock.sleep(wait, call)
    const found = await steps.findOpen()
    if (found !== undefined) return found
  }
  const problem = 'the host says that one is open for these branches, and shows none; try again'
  throw createPullRequestError('CONFLICT', problem, place, {})
}
