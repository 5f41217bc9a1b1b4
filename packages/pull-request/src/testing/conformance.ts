import { describe, expect, it } from 'vitest'
import { changeCases } from './change-cases.ts'
import { createCases } from './create-cases.ts'
import type { PullRequestHarness } from './harness.ts'
import { mergeCases } from './merge-cases.ts'
import { readCases } from './read-cases.ts'

type Cases = typeof createCases & typeof readCases & typeof changeCases & typeof mergeCases

const cases: Cases = { ...createCases, ...readCases, ...changeCases, ...mergeCases }

export type PullRequestCaseId = keyof Cases

/** A case that a provider does not pass, and why. Once it passes, the waiver itself fails. */
export interface PullRequestWaiver {
  readonly case: PullRequestCaseId
  readonly reason: string
}

export interface PullRequestSubject {
  readonly name: string
  /** A fresh repository for each case. */
  create(): Promise<PullRequestHarness>
  readonly waive?: readonly PullRequestWaiver[]
}

/**
 * Runs what every `PullRequestProvider` promises, as vitest cases with fixed ids. What the capabilities lack
 * must be refused or reported as ignored; it is not skipped.
 *
 * @example
 * ```ts
 * pullRequestConformance({ name: 'local', create: () => localHarness() })
 * ```
 */
export function pullRequestConformance({ name, create, waive = [] }: PullRequestSubject): void {
  describe(`pull request conformance: ${name}`, () => {
    for (const [id, run] of Object.entries(cases)) {
      const waived = waive.find((waiver) => waiver.case === id)
      const test = async (): Promise<void> => {
        const harness = await create()
        try {
          await run(harness)
        } finally {
          await harness.close()
        }
      }
      const register = waived === undefined ? it : it.fails
      register(waived === undefined ? id : `${id} (waived: ${waived.reason})`, test)
    }
    it('waivers name cases that exist', () => {
      expect(waive.map((waiver) => waiver.case).filter((id) => !Object.hasOwn(cases, id))).toEqual([])
    })
  })
}
