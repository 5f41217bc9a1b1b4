import { isLgError, type LgError } from '@lg/runtime'
import { expect } from 'vitest'
import type { PullRequestErrorCode, PullRequestErrors } from '../errors.ts'
import type { PullRequestSpec } from '../spec.ts'
import type { PullRequestHarness } from './harness.ts'

/**
 * The error of a call that must fail with this code, after a look at what every error of the port promises.
 */
export async function failure<Code extends PullRequestErrorCode>(
  call: Promise<unknown>,
  code: Code,
): Promise<LgError<Code, PullRequestErrors[Code]>> {
  const error = await call.then(
    (value) => expect.unreachable(`expected ${code}, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (!isLgError(error, code)) throw error
  const found = error as LgError<Code, PullRequestErrors[Code]>
  expect(found.details).toMatchObject({ provider: expect.any(String), step: expect.any(String) })
  expect(found.message).toContain(found.details.repository)
  expect(found.message).toContain(found.details.provider)
  return found
}

/** A head branch with one new file, and the spec of a pull request for it. */
export async function proposal(
  harness: PullRequestHarness,
  changes: Partial<PullRequestSpec> & { readonly files?: Readonly<Record<string, string | null>> } = {},
): Promise<PullRequestSpec> {
  const { files = { 'cars/new.yaml': 'kind: Car\n' }, head = 'change', ...rest } = changes
  await harness.commit({ branch: head, files })
  return { repository: harness.repository, head, base: harness.base, title: 'Change a car', ...rest }
}
