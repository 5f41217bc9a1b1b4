import { gitErrors } from '@lg/git'
import type { Oid } from '@lg/git'
import { damagedObject } from './damage.ts'
import { gitFailed } from './git-process.ts'
import type { GitProcess } from './git-process.ts'

/** Reads an object, and thereby has it fetched anew when it is damaged; rejects when that cannot be. */
export type Mend = (oid: Oid, signal: AbortSignal | undefined) => Promise<unknown>

/** Runs git again after it met a damaged object that could be mended. */
export function createMendingProcess(git: GitProcess, mend: Mend): GitProcess {
  const run: GitProcess['run'] = async (command) => {
    const { input = '', elsewhere = false, signal } = command
    const mended = new Set<Oid>()
    for (;;) {
      const output = await git.run(command)
      const oid = output.status === 0 || elsewhere ? undefined : damagedObject(output.stderr)
      // What was given bit by bit is used up.
      const isRepeatable = typeof input === 'string' || input instanceof Uint8Array
      if (oid === undefined || mended.has(oid) || !isRepeatable) return output
      mended.add(oid)
      try {
        await mend(oid, signal)
      } catch (error) {
        if (!gitErrors.is(error, 'OBJECT_CORRUPT')) throw error
        return output
      }
    }
  }
  return {
    ...git,
    run,
    async succeed(command) {
      const output = await run(command)
      if (output.status !== 0) throw gitFailed(command.operation, output)
      return output
    },
  }
}
