import type { FetchProgress } from '@lg/git'

/** Turns what git shows on a terminal (`Receiving objects:  45% (450/1000), 1.2 MiB`) into numbers. */
export function parseProgress(onProgress: (progress: FetchProgress) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split(/[\r\n]/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, phase, done, total] =
        /^(?:remote: )?([A-Z][a-z ]+): +(?:[0-9]+% \()?([0-9]+)(?:\/([0-9]+))?/.exec(line) ?? []
      if (phase === undefined || done === undefined) continue
      onProgress({ phase, done: Number(done), ...(total !== undefined && { total: Number(total) }) })
    }
  }
}
