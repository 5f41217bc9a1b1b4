import { inspect } from 'node:util'
import {
  createPullRequestError,
  pullRequestErrors,
  type PullRequestErrorCode,
  type PullRequestErrors,
  type PullRequestProvider,
} from '@lg/pull-request'
import {
  createRecordingLogger,
  createSkippingClock,
  type RecordingLogger,
  type SkippingClock,
} from '@lg/test-kit'
import { expect } from 'vitest'
import type { AnyHostWorld, HostWords } from './subject.ts'

/** A world, and a provider there that is listened to. */
export interface BadInputScene {
  readonly world: AnyHostWorld
  readonly words: HostWords
  readonly provider: PullRequestProvider
  readonly logger: RecordingLogger
  /** The provider's, on which nobody waits. */
  readonly clock: SkippingClock
  /** The details of what a call fails with, after a look at what every failure promises. */
  fail<Code extends PullRequestErrorCode>(
    call: Promise<unknown>,
    code: Code,
  ): Promise<PullRequestErrors[Code]>
}

/** A token that no host accepts. */
export const wrongToken = 'wrong-token-0123456789'

export function createBadInputScene(world: AnyHostWorld, words: HostWords): BadInputScene {
  const logger = createRecordingLogger()
  const clock = createSkippingClock({ longest: 30_000 })
  return {
    world,
    words,
    logger,
    clock,
    provider: world.providerWith({ logger, clock }),
    async fail(call, code) {
      const error = await call.then(
        (value) => expect.unreachable(`expected ${code}, got ${JSON.stringify(value)}`),
        (thrown: unknown) => thrown,
      )
      if (!pullRequestErrors.is(error, code)) throw error
      const { message, details } = error
      const { step } = details
      if (step === undefined) return expect.unreachable('the error names no step')
      const place = { provider: '127.0.0.1', repository: words.repository, step }
      expect(details).toMatchObject(place)
      // Host, repository and step, as all providers word them.
      expect(message).toContain(createPullRequestError('UNAUTHENTICATED', '', place, {}).message)
      const everything = inspect(error, {
        depth: 20,
        showHidden: true,
        maxStringLength: Infinity,
        maxArrayLength: Infinity,
      })
      for (const token of [world.host.token, wrongToken]) {
        for (const secret of [token, btoa(`:${token}`)]) {
          expect(everything).not.toContain(secret)
          expect(message).not.toContain(secret)
          expect(logger.text()).not.toContain(secret)
        }
      }
      expect(everything).not.toMatch(/\b(?:Gitbeaker\w*|Request|Http)Error\b/)
      return details
    },
  }
}
