import { afterEach, describe, expect, it } from 'vitest'

/** A case that an adapter does not pass, and why. It is run all the same, and must fail: a stale waiver is an error. */
export interface Waiver<Id extends string> {
  readonly case: Id
  readonly reason: string
}

/** One case of a suite, by an id that stays when its wording changes. */
export type Case<Harness> = (harness: Harness) => Promise<void>

/**
 * Runs every case on a harness of its own, which is closed afterwards.
 */
export function runCases<Id extends string, Harness extends { close(): Promise<void> }>(
  name: string,
  cases: Readonly<Record<Id, Case<Harness>>>,
  options: { readonly create: () => Promise<Harness>; readonly waive?: readonly Waiver<Id>[] | undefined },
): void {
  describe(name, () => {
    const open: Harness[] = []
    afterEach(async () => {
      for (const harness of open.splice(0)) await harness.close()
    })
    for (const id of Object.keys(cases) as Id[]) {
      const run = async (): Promise<void> => {
        const harness = await options.create()
        open.push(harness)
        await cases[id](harness)
      }
      const waiver = options.waive?.find((candidate) => candidate.case === id)
      if (waiver === undefined) it(id, run)
      else it(`${id} (waived: ${waiver.reason})`, async () => await expect(run()).rejects.toThrow())
    }
  })
}
