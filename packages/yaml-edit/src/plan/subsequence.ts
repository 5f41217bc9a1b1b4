/** Beyond this many differences, what is left is matched in order only at both ends. */
const maxDifferences = 1000

/**
 * A longest common subsequence of two sequences: for each element of `to`, the index in `from` that it
 * matches. Common ends first, then Myers' algorithm on what is between.
 */
export function commonSubsequence(from: readonly number[], to: readonly number[]): (number | undefined)[] {
  const matches: (number | undefined)[] = to.map(() => undefined)
  let start = 0
  while (start < from.length && start < to.length && from[start] === to[start]) {
    matches[start] = start
    start++
  }
  let fromEnd = from.length
  let toEnd = to.length
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1]) {
    fromEnd--
    toEnd--
    matches[toEnd] = fromEnd
  }
  if (start < fromEnd && start < toEnd) {
    for (const [x, y] of snakes(from.slice(start, fromEnd), to.slice(start, toEnd)))
      matches[start + y] = start + x
  }
  return matches
}

function snakes(from: readonly number[], to: readonly number[]): (readonly [number, number])[] {
  const n = from.length
  const m = to.length
  const most = Math.min(n + m, maxDifferences)
  const furthest = new Int32Array(2 * most + 3)
  const history: Int32Array[] = []
  const middle = most + 1
  for (let d = 0; d <= most; d++) {
    history.push(furthest.slice(middle - d - 1, middle + d + 2))
    for (let k = -d; k <= d; k += 2) {
      const down =
        k === -d || (k !== d && (furthest[middle + k - 1] as number) < (furthest[middle + k + 1] as number))
      let x = down ? (furthest[middle + k + 1] as number) : (furthest[middle + k - 1] as number) + 1
      while (x < n && x - k < m && from[x] === to[x - k]) x++
      furthest[middle + k] = x
      if (x >= n && x - k >= m) return trace(history, n, m, d)
    }
  }
  return []
}

function trace(
  history: readonly Int32Array[],
  n: number,
  m: number,
  edits: number,
): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = []
  let x = n
  let y = m
  for (let d = edits; d >= 0; d--) {
    const row = history[d] as Int32Array
    const at = (k: number): number => row[k + d + 1] as number
    const k = x - y
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1))
    const before =
      d === 0 ? 0
      : down ? at(k + 1)
      : at(k - 1)
    const startX =
      d === 0 ? 0
      : down ? before
      : before + 1
    while (x > startX) {
      x--
      y--
      pairs.push([x, y])
    }
    if (d === 0) break
    x = before
    y = before - (down ? k + 1 : k - 1)
  }
  return pairs
}
