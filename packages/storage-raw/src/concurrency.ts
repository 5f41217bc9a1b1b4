/** Runs `work` for every item, at most `limit` at once, and stops at the first failure or abort. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const state = { failed: false }
  const worker = async (): Promise<void> => {
    try {
      for (let next = iterator.next(); !next.done; next = iterator.next()) {
        signal?.throwIfAborted()
        if (state.failed) return
        await work(next.value)
      }
    } catch (error) {
      state.failed = true
      throw error
    }
  }
  const workers = Array.from({ length: limit }, worker)
  const results = await Promise.allSettled(workers)
  const rejected = results.find((result) => result.status === 'rejected')
  if (rejected !== undefined) throw rejected.reason
}

/** Runs tasks one after the other, whatever becomes of each. */
export interface Queue {
  run<T>(task: () => Promise<T>): Promise<T>
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(task) {
      const result = last.then(task, task)
      last = result.catch(() => {})
      return result
    },
  }
}
