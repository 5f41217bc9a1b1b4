import { createPullRequestError } from '../failure.ts'
import type { PullRequestStep } from '../errors.ts'
import { orIncomplete } from '../http/incomplete.ts'
import type { ReadStatus } from '../http/port-error.ts'
import type { IgnoredField, PullRequest, PullRequestWarning } from '../pull-request.ts'
import { atStep, type HostedContext } from './hosted-context.ts'

/** One thing to do on a pull request that exists. */
export interface HostStep<Context> {
  readonly step: PullRequestStep
  /** `undefined`: there was nothing to do. */
  run(context: Context): Promise<StepResult | undefined>
}

export interface StepResult {
  /** Whether people see a difference. */
  readonly changed: boolean
  /** What the host does not take, or has dropped. */
  readonly ignored?: readonly IgnoredField[]
  readonly warnings?: readonly PullRequestWarning[]
}

/**
 * Runs one step after the other, each at its own place.
 *
 * @throws {LgError} `INCOMPLETE` with the step that failed; its cause is `UNSUPPORTED` for what a strict caller may not
 *   lose.
 */
export async function runSteps<Context extends HostedContext>(
  context: Context,
  pullRequest: PullRequest,
  steps: readonly HostStep<Context>[],
  { readStatus, strict }: { readonly readStatus: ReadStatus; readonly strict: boolean },
): Promise<Required<StepResult>> {
  const results: StepResult[] = []
  for (const { step, run } of steps) {
    const place = atStep(context, step)
    await orIncomplete(pullRequest, place, context.call.signal, readStatus, async () => {
      const result = await run({ ...context, place })
      const [lost] = result?.ignored ?? []
      if (strict && lost !== undefined) {
        throw createPullRequestError('UNSUPPORTED', lost.reason, place, { features: [lost.field] })
      }
      if (result !== undefined) results.push(result)
    })
  }
  return {
    changed: results.some(({ changed }) => changed),
    ignored: results.flatMap(({ ignored = [] }) => ignored),
    warnings: results.flatMap(({ warnings = [] }) => warnings),
  }
}
