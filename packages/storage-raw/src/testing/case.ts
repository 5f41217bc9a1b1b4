import { afterEach, describe, expect, it } from 'vitest'

/** A case that an adapter does not pass, and why. It is run all the same, and must fail: a stale waiver is an error. */
export interface Waiver {
  /** The case by its id. */
  readonly case: string
  readonly reason: string
}

/** Cases by an id that stays when their wording changes. */
export type Cases<Harness> = Readonly<Record<string, (harness: Harness) => Promise<void>>>

/**
 * Runs every case on a harness of its own, which is closed afterwards.
 *
 * @throws {Error} for a waiver of a case that there is not.
 */
export function runCases<Harness extends { close(): Promise<void> }>(
  name: string,
  cases: Cases<Harness>,
  options: { readonly create: () => Promise<Harness>; readonly waive?: readonly Waiver[] | undefined },
): void {
  const { create, waive = [] } = options
  for (const waiver of waive) {
    if (!Object.hasOwn(cases, waiver.case)) throw new Error(`No case ${waiver.case} to waive in ${name}`)
  }
  describe(name, () => {
    const open: Harness[] = []
    afterEach(async () => {
      for (const harness of open.splice(0)) await harness.close()
    })
    for (const [id, check] of Object.entries(cases)) {
      const run = async (): Promise<void> => {
        const harness = await create()
        open.push(harness)
        await check(harness)
      }
      const waiver = waive.find((candidate) => candidate.case === id)
      if (waiver === undefined) it(id, run)
      else it(`${id} (waived: ${waiver.reason})`, async () => await expect(run()).rejects.toThrow())
    }
  })
}
