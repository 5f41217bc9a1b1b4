import { findProgram } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { accessCases } from './access-cases.ts'
import { hostCases } from './host-cases.ts'
import { retryCases } from './retry-cases.ts'
import { createBadInputScene, type BadInputScene } from './scene.ts'
import { specCases } from './spec-cases.ts'
import type { BadInputSubject } from './subject.ts'

const cases = { ...accessCases, ...specCases, ...hostCases, ...retryCases }
const openssl = await findProgram('openssl')

export type BadInputCaseId = keyof typeof cases

/**
 * Runs what every host must make of wrong input, and of faults of its own, as vitest cases with fixed ids. Each ends in
 * a code of the port, a message that names host, repository and step, and no token anywhere.
 *
 * @example
 * ```ts
 * hostBadInputSuite({ name: 'GitHub', create: createWorld, words })
 * ```
 */
export function hostBadInputSuite(subject: BadInputSubject<BadInputCaseId>): void {
  const { name, create, words, waive = [] } = subject
  describe(`bad input: ${name}`, () => {
    for (const [id, run] of Object.entries<(scene: BadInputScene) => Promise<void>>(cases)) {
      const waiver = waive.find((one) => one.case === id)
      const test = async (): Promise<void> => {
        const world = await create()
        try {
          await run(createBadInputScene(world, words))
        } finally {
          await world.close()
        }
      }
      const title = waiver === undefined ? id : `${id} (waived: ${waiver.reason})`
      const skip = id === 'host/certificate-that-nobody-trusts' && openssl === undefined
      it(title, { skip, fails: waiver !== undefined }, test)
    }
    it('waivers name cases that exist', () => {
      expect(waive.map((one) => one.case).filter((id) => !Object.hasOwn(cases, id))).toEqual([])
    })
  })
}
