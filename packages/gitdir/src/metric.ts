import { isLgError, type Logger } from '@lg/runtime'

/** What the directory did, once it has ended. */
export interface GitDirectoryMetric {
  readonly operation: 'open' | 'list' | 'fetch' | 'layOut' | 'commit' | 'push' | 'gc'
  /** Milliseconds. */
  readonly duration: number
  /** Handed over to a commit, or received by a fetch; absent where the engine does not tell, as git of small ones. */
  readonly bytes?: number | undefined
  /** How it ended: well, by its caller's signal, or with the code of an error (`UNKNOWN` without one). */
  readonly outcome: 'ok' | 'aborted' | (string & {})
}

export type OnMetric = (metric: GitDirectoryMetric) => void

/** Tells the bytes of the operation that runs; the last call counts. */
export type CountBytes = (bytes: number) => void

export type Measure = <T>(
  operation: GitDirectoryMetric['operation'],
  signal: AbortSignal | undefined,
  work: (count: CountBytes) => Promise<T>,
) => Promise<T>

export function createMeasure(onMetric: OnMetric | undefined, logger: Logger): Measure {
  if (onMetric === undefined) return (_operation, _signal, work) => work(() => {})
  return async (operation, signal, work) => {
    const began = performance.now()
    let bytes: number | undefined
    const tell = (outcome: string): void => {
      const duration = performance.now() - began
      try {
        onMetric({ operation, duration, outcome, ...(bytes !== undefined && { bytes }) })
      } catch (error) {
        logger.error('A metrics callback threw', { operation, error })
      }
    }
    try {
      const result = await work((count) => {
        bytes = count
      })
      tell('ok')
      return result
    } catch (error) {
      tell(
        signal?.aborted ? 'aborted'
        : isLgError(error) ? error.code
        : 'UNKNOWN',
      )
      throw error
    }
  }
}
