import type { Commit, FileChange } from '@lg/git'
import { checkDecision, type Destination } from './decision.ts'
import { createMergingUpdate } from './merge-update.ts'
import { plannedFiles, plannedObjects, type TransactionPlan } from './plan.ts'
import type { TransactionContext, TransactionRequest } from './transaction-context.ts'
import type { TransactionDecision, TransactionOutcome } from './transaction-result.ts'
import { openTransaction } from './transaction-storage.ts'

export interface Attempt extends Omit<TransactionRequest, 'options'> {
  readonly attempt: number
}

/** What a callback made of one base. */
export type Made =
  | { readonly type: 'ended'; readonly outcome: TransactionOutcome }
  | { readonly type: 'unchanged'; readonly destination: Destination }
  | {
      readonly type: 'changed'
      readonly decision: TransactionDecision
      readonly destination: Destination
      readonly changes: readonly FileChange[]
      readonly plan: () => Promise<TransactionPlan>
    }

/** Runs the callback on one base; nothing of what it writes leaves the process. */
export async function attemptOn(
  context: TransactionContext,
  base: Commit,
  { name, key, change, signal, attempt }: Attempt,
): Promise<Made> {
  const { serializer } = context
  const call = { signal }
  const [layer, before] = [await context.stage(base, call), await context.pinned(base, call)]
  const update = createMergingUpdate(layer.storage, {
    serializer,
    base: before.storage,
    textOf: (stored, version, options) => context.textOf(base, stored, version, options),
    lastChange: (stored, options) => context.lastChange(base, stored, options),
  })
  const run = await openTransaction(layer, { name, attempt, signal, update }).run((tx) =>
    change(tx, layer, base),
  )
  if (run.type === 'aborted') return { type: 'ended', outcome: { outcome: 'aborted', reason: run.reason } }
  const changes = layer.files.changes()
  const { gitDirectory, provider, order } = context
  const branchOf = order && ((about: string) => order.branchOf(about, changes, gitDirectory.repository))
  const destination = checkDecision(run.result, { name, key }, { gitDirectory, provider, branchOf })
  if (changes.length === 0) return { type: 'unchanged', destination }
  const decision = withKey(run.result, destination)
  return {
    type: 'changed',
    decision,
    destination,
    changes,
    async plan() {
      const objects = await plannedObjects(
        before,
        layer,
        changes.map(({ path }) => path),
        call,
      )
      const existed = async (path: string): Promise<boolean> =>
        (await before.files.stat(path, call)) !== undefined
      const files = await plannedFiles(changes, existed)
      return { transaction: name, base: base.oid, decision, objects, files }
    },
  }
}

/** A plan that is carried out later, under another name, is about the same. */
function withKey(decision: TransactionDecision, destination: Destination): TransactionDecision {
  if (decision.target !== 'pullRequest' || destination.type !== 'branch') return decision
  return destination.key === undefined ? decision : { ...decision, key: destination.key }
}
