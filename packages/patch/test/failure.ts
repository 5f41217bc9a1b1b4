import { isLgError } from '@lg/runtime'

/** The code that a call throws; `nothing` when it returns. */
export function failureOf(run: () => unknown): string {
  try {
    run()
    return 'nothing'
  } catch (error) {
    if (!isLgError(error)) throw error
    return error.code
  }
}

/** JSON text with `__proto__` and the like as ordinary keys. */
export const json = (text: string): unknown => JSON.parse(text)
