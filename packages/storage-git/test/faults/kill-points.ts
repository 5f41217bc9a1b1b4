import { gitCliSteps } from '@lg/git-cli'
import { gitDirectorySteps } from '@lg/gitdir'
import { gitStorageSteps } from '../../src/index.ts'

/** One moment in the life of a process: a step of one of its parts, the nth time that it is taken. */
export interface KillPoint {
  readonly step: string
  readonly turn: number
}

const parts = {
  'git-cli': gitCliSteps,
  gitdir: gitDirectorySteps,
  'storage-git': gitStorageSteps,
} as const

/** Every step that the code names. */
export const killSteps: readonly string[] = Object.entries(parts).flatMap(([part, steps]) =>
  steps.map((step) => `${part}: ${step}`),
)

/** Listeners for the steps of each part that end this process, as a power cut would, when it is the moment. */
export function createKiller(
  wanted: KillPoint | undefined,
): (part: keyof typeof parts) => (step: string) => void {
  let turn = 0
  return (part) => (step) => {
    if (wanted?.step !== `${part}: ${step}` || ++turn < wanted.turn) return
    process.kill(process.pid, 'SIGKILL')
  }
}
