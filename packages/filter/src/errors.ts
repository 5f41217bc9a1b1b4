import { defineErrors, type ErrorFamily } from '@lg/runtime'

/** The codes of `@lg/filter`. */
export interface FilterErrors {
  /** A parameter that can match nothing sensible, or a selector that does not parse. */
  INVALID_FILTER: {
    /** The kind of filter: `name`, `uid`, `labels`, `fields`. */
    readonly filter: string
    readonly reason: string
    /** Where a selector's text is wrong: characters from 0. */
    readonly position?: number | undefined
  }
}

export const filterErrors: ErrorFamily<FilterErrors> = defineErrors()

export function invalidFilter(filter: string, reason: string): Error {
  return filterErrors.create('INVALID_FILTER', `Not a ${filter} filter: ${reason}`, { filter, reason })
}
