import type { RepositoryReference } from '@lg/git'
import type { CallOptions, Clock } from '@lg/runtime'
import type { ErrorPlace, PullRequestStep } from '../errors.ts'
import type { ProviderTraits } from '../prepare-spec.ts'

/** What every call of a hosted provider needs: the one repository that it is about, and what goes with all calls. */
export interface HostedContext {
  readonly traits: ProviderTraits
  readonly clock: Clock
  readonly repository: RepositoryReference
  /** Of every error, unless a later step has its own. */
  readonly place: ErrorPlace
  /** The caller's signal. */
  readonly call: CallOptions
}

/** The place of another step of the same call. */
export function atStep({ place }: Pick<HostedContext, 'place'>, step: PullRequestStep): ErrorPlace {
  return { ...place, step }
}
