/** Runs one work at a time, in the order in which they came; whoever is aborted while waiting leaves at once. */
export type Queue = <Result>(signal: AbortSignal | undefined, work: () => Promise<Result>) => Promise<Result>

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve()
  return (signal, work) =>
    new Promise((resolve, reject) => {
      const leave = (): void => reject(signal?.reason)
      if (signal?.aborted) return leave()
      signal?.addEventListener('abort', leave, { once: true })
      const turn = last.then(async () => {
        signal?.removeEventListener('abort', leave)
        if (!signal?.aborted) resolve(await work())
      })
      turn.catch(reject)
      last = turn.catch(() => {})
    })
}
