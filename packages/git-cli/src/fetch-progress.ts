import type { FetchProgress } from '@lg/git'

const units: Readonly<Record<string, number>> = { bytes: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** Turns what git shows on a terminal (`Receiving objects:  45% (450/1000), 1.2 MiB`) into numbers. */
export function parseProgress(onProgress: (progress: FetchProgress) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split(/[\r\n]/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, phase, done, total, size, unit = ''] =
        /^(?:remote: )?([A-Z][a-z ]+): +(?:[0-9]+% \()?([0-9]+)(?:\/([0-9]+))?\)?(?:, ([0-9.]+) (bytes|[KMG]iB))?/.exec(
          line,
        ) ?? []
      if (phase === undefined || done === undefined) continue
      onProgress({
        phase,
        done: Number(done),
        ...(total !== undefined && { total: Number(total) }),
        ...(size !== undefined && { bytes: Math.round(Number(size) * (units[unit] ?? 1)) }),
      })
    }
  }
}
