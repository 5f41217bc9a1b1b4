import type { PreparedSpec } from '../prepare-spec.ts'
import type { PullRequestWarning } from '../pull-request.ts'
import { fingerprint, type Proposed } from './marker.ts'

/** The fields of an open pull request that a person may have changed; the description without its marker. */
export interface CurrentFields {
  readonly title: string
  readonly description: string
  readonly draft: boolean
  readonly milestone: string | undefined
  readonly proposed: Proposed | undefined
}

/** What to set on an open pull request. `undefined`: nothing. */
export interface AgainPlan {
  readonly title: string | undefined
  readonly description: string | undefined
  readonly draft: boolean | undefined
  readonly milestone: string | undefined
  /** The marker to go with it. */
  readonly proposed: Proposed
  readonly warnings: readonly PullRequestWarning[]
}

/** The marker of a new pull request. */
export async function proposedBy(spec: PreparedSpec): Promise<Proposed> {
  const { title, description = '', draft = false, milestone } = spec
  const [first, second, third, fourth] = await Promise.all(
    [title, description, draft, milestone].map(fingerprint),
  )
  return { title: first ?? '', description: second ?? '', draft: third ?? '', milestone: fourth ?? '' }
}

/**
 * What a spec changes on the open pull request of its branches: all that it names, but for what others changed since
 * `createPullRequest` last set it. Without a marker nothing is known to be ours, and only what is empty is filled.
 */
export async function planAgain(current: CurrentFields, spec: PreparedSpec): Promise<AgainPlan> {
  const warnings: PullRequestWarning[] = []
  const settle = async <T extends string | boolean>(
    field: keyof Proposed,
    wanted: T | undefined,
    now: T | undefined,
  ): Promise<{ readonly change: T | undefined; readonly print: string }> => {
    const [printNow, printWanted] = await Promise.all([fingerprint(now), fingerprint(wanted)])
    // A print that no text has: what was there before us is never taken for ours.
    const before = current.proposed?.[field] ?? (now === undefined || now === '' ? printNow : '0'.repeat(16))
    if (wanted === undefined) return { change: undefined, print: before }
    if (printWanted === printNow) return { change: undefined, print: printWanted }
    if (before === printNow) return { change: wanted, print: printWanted }
    warnings.push({ code: 'KEPT', field, message: `Somebody has changed the ${field} since; theirs stays` })
    return { change: undefined, print: before }
  }
  const title = await settle('title', spec.title, current.title)
  const description = await settle('description', spec.description, current.description)
  const draft = await settle('draft', spec.draft, current.draft)
  const milestone = await settle('milestone', spec.milestone, current.milestone)
  return {
    title: title.change,
    description: description.change,
    draft: draft.change,
    milestone: milestone.change,
    proposed: {
      title: title.print,
      description: description.print,
      draft: draft.print,
      milestone: milestone.print,
    },
    warnings,
  }
}
