/**
 * The moments at which something that outlives this process has just begun to change, or has changed, by name. A process
 * may end at any of them: the next owner of the directory goes on from there.
 */
export const gitCliSteps = [
  'store marked',
  'store configured',
  'store swept',
  'init started',
  'init ended',
  'fetch started',
  'fetch ended',
  'update-ref started',
  'update-ref ended',
  'object written',
  'object in place',
  'index-pack started',
  'index-pack ended',
  'file written',
  'file in place',
  'files recorded',
  'push started',
  'push ended',
  'pack-refs started',
  'pack-refs ended',
  'repack started',
  'repack ended',
] as const

export type GitCliStep = (typeof gitCliSteps)[number]

/** Called at each step, before anything else happens. */
export type OnGitCliStep = (step: GitCliStep) => void

/** Operations of git that change a store or the remote. */
const changing: ReadonlySet<string> = new Set(
  gitCliSteps.flatMap((step) => (step.endsWith(' started') ? [step.slice(0, -' started'.length)] : [])),
)

/** Tells of the beginning and the end of an operation, where it changes something. */
export function tellOperation(
  onStep: OnGitCliStep | undefined,
  operation: string,
  moment: 'started' | 'ended',
): void {
  if (onStep !== undefined && changing.has(operation)) onStep(`${operation} ${moment}` as GitCliStep)
}
