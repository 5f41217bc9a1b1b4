import type { MergeMethod } from '@lg/pull-request'
import { readAnswer, refusalOf, hostWords } from '@lg/pull-request/http'
import { dataOf } from './api.ts'
import { paramsOf, type HostContext } from './host-context.ts'
import type { HostPullRequest } from './to-pull-request.ts'

/** Ways to merge, in Gitea's words. */
export type MergeStyle = 'merge' | 'squash' | 'rebase' | 'rebase-merge' | 'fast-forward-only'

const styles: Readonly<Record<MergeMethod, MergeStyle>> = {
  merge: 'merge',
  squash: 'squash',
  rebase: 'rebase',
  'fast-forward': 'fast-forward-only',
}

/** The way that is asked for, or the repository's own. */
export function styleOf(
  context: HostContext,
  found: HostPullRequest,
  method: MergeMethod | undefined,
): MergeStyle {
  return stylesOf(context, found, method)[0] ?? 'merge'
}

/**
 * Ways to try, one after the other: the one that is asked for; or the repository's own, and then any other. Empty when
 * none is possible: Gitea answers 500 to a fast-forward of a head that is behind.
 */
export function stylesOf(
  { traits }: HostContext,
  { mergeStyle, mergeBase, baseCommit }: HostPullRequest,
  method: MergeMethod | undefined,
): readonly MergeStyle[] {
  const all = traits.capabilities.mergeMethods.map((one) => styles[one])
  const own = ([...all, 'rebase-merge'] as const).find((style) => style === mergeStyle)
  const wanted = method === undefined ? [...new Set([...(own ? [own] : []), ...all])] : [styles[method]]
  return wanted.filter((style) => style !== 'fast-forward-only' || mergeBase === baseCommit)
}

export interface MergeOrder {
  readonly style: MergeStyle
  readonly title?: string | undefined
  readonly message?: string | undefined
  readonly expectedHead?: string | undefined
}

/** Gitea looks for conflicts in the background, after each push, and asks to come again until it has. */
const tryAgainWaits = [500, 1000, 2000]

/** Sends a merge; again, as long as Gitea asks for patience. */
export async function sendMerge(
  { api, target, call, clock }: HostContext,
  number: number,
  { style, title, message, expectedHead }: MergeOrder,
  later: { readonly merge_when_checks_succeed?: boolean; readonly delete_branch_after_merge?: boolean } = {},
): Promise<void> {
  const order = {
    // As all versions take it; the newest has names in small letters besides.
    Do: style,
    ...(title !== undefined && { MergeTitleField: title }),
    ...(message !== undefined && { MergeMessageField: message }),
    ...(expectedHead !== undefined && { head_commit_id: expectedHead }),
    ...later,
  }
  const waits = [...tryAgainWaits]
  for (;;) {
    try {
      return void (await api.repos.repoMergePullRequest(...target, number, order, paramsOf(call)))
    } catch (error) {
      const { status, body } = refusalOf(error) ?? {}
      const passing =
        (status === 405 || status === 409) && /try again later|push out of date/i.test(hostWords(body))
      const wait = passing ? waits.shift() : undefined
      if (wait === undefined) throw error
      await clock.sleep(wait, call)
    }
  }
}

/**
 * Merges now, if the host's conditions are met; false when something is missing that may come. A merge that is to be
 * scheduled is tried first: it would wait for the end of a check, and most versions do not look whether any is left.
 */
export async function mergeIfReady(
  context: HostContext,
  number: number,
  order: MergeOrder,
): Promise<boolean> {
  try {
    await sendMerge(context, number, order)
    return true
  } catch (error) {
    const { status, body } = refusalOf(error) ?? {}
    if (status === 405 && isNotReady(hostWords(body))) return false
    throw error
  }
}

/** False when it was scheduled before. */
export async function scheduleMerge(
  context: HostContext,
  number: number,
  { deleteBranch, ...order }: MergeOrder & { readonly deleteBranch: boolean },
): Promise<boolean> {
  const later = { merge_when_checks_succeed: true, ...(deleteBranch && { delete_branch_after_merge: true }) }
  try {
    await sendMerge(context, number, order, later)
    return true
  } catch (error) {
    const { status, body } = refusalOf(error) ?? {}
    if (status === 409 && /already scheduled/i.test(hostWords(body))) return false
    throw error
  }
}

/** `not ready to merge: Does not have enough approvals`, `not allowed to merge [reason: ...]`. */
function isNotReady(words: string): boolean {
  return /not ready|\[reason: (?!\])/i.test(words)
}

/** False when nothing was scheduled. */
export async function cancelMerge({ api, target, call }: HostContext, number: number): Promise<boolean> {
  try {
    await api.repos.repoCancelScheduledAutoMerge(...target, number, paramsOf(call))
    return true
  } catch (error) {
    if (refusalOf(error)?.status === 404) return false
    throw error
  }
}

/** Whether a scheduled merge can delete the branch: from Gitea 1.24 and Forgejo 10; others pass over the wish. */
export async function deletesAfterwards({ api, call }: HostContext): Promise<boolean> {
  const answer = dataOf(await api.version.getVersion(paramsOf(call)))
  const version = readAnswer(answer, 'version').text('version')
  const [, major = 0, minor = 0] = (/^v?(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
  // Forgejo names the Gitea whose API it has behind its own version.
  return /\+gitea-/.test(version) ? major >= 10 : major > 1 || minor >= 24
}
