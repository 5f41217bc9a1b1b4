import type { Oid } from '@lg/git'
import type { Check, Checks, CheckState } from '../merge.ts'

const fromWorst: readonly CheckState[] = ['failure', 'pending', 'success', 'neutral']

/** What all checks of a commit come to. */
export function checksOf(head: Oid, checks: readonly Check[]): Checks {
  const state = fromWorst.find((one) => checks.some((check) => check.state === one)) ?? 'none'
  return { head, state, checks }
}
