/**
 * Which of these positions can stay where they are when they have to come in this order: a longest
 * increasing subsequence. `undefined` stands for what is new.
 */
export function staying(positions: readonly (number | undefined)[]): Set<number> {
  const tails: number[] = []
  const previous = new Map<number, number | undefined>()
  let last = -1
  let sorted = true
  for (const position of positions) {
    if (position === undefined) continue
    if (position <= last) sorted = false
    last = position
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((tails[middle] as number) < position) low = middle + 1
      else high = middle
    }
    previous.set(position, tails[low - 1])
    tails[low] = position
  }
  if (sorted) return new Set(tails)
  const stay = new Set<number>()
  for (let at = tails.at(-1); at !== undefined; at = previous.get(at)) stay.add(at)
  return stay
}
