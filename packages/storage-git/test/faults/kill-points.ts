import type { Git, GitRepository } from '@lg/git'

/** The calls of a transaction that leave something behind, before and after each. */
const calls = ['fetch', 'createCommit', 'push', 'updateRef', 'readCommit', 'diffTrees', 'isAncestor'] as const

export type KillPoint =
  'before the start' | `${'before' | 'after' | 'during'} ${(typeof calls)[number]} ${number}`

/** Every named moment, the first and the second time that it is reached. */
export const killPoints: readonly KillPoint[] = [
  'before the start',
  ...calls.flatMap((call) =>
    (['before', 'during', 'after'] as const).flatMap((when) =>
      [1, 2].map((turn): KillPoint => `${when} ${call} ${turn}`),
    ),
  ),
]

/** Ends this process as a power cut would, when this is the moment. */
export async function atKillPoint(point: KillPoint, wanted: KillPoint | undefined): Promise<void> {
  if (point !== wanted) return
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

/** An engine whose repositories kill the process at one moment. */
export function withKillPoints(git: Git, wanted: KillPoint | undefined): Git {
  if (wanted === undefined) return git
  return { ...git, open: async (options) => withMoments(await git.open(options), wanted) }
}

function withMoments(repository: GitRepository, wanted: KillPoint): GitRepository {
  const members = repository as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  const turns = new Map<string, number>()
  const wrapped = Object.fromEntries(
    calls.map((call) => [
      call,
      async (...args: unknown[]): Promise<unknown> => {
        const turn = (turns.get(call) ?? 0) + 1
        turns.set(call, turn)
        await atKillPoint(`before ${call} ${turn}`, wanted)
        const running = members[call]?.(...args)
        if (wanted === `during ${call} ${turn}`) {
          running?.catch(() => {})
          // Far enough that the child of the engine runs.
          await new Promise((resolve) => setTimeout(resolve, 5))
          await atKillPoint(wanted, wanted)
        }
        const result = await running
        await atKillPoint(`after ${call} ${turn}`, wanted)
        return result
      },
    ]),
  )
  return { ...repository, ...wrapped }
}
