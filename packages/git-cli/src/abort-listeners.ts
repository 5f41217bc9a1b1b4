/** Calls `leave` when the signal aborts; the function that it gives takes that back. */
export type ListenForAbort = (signal: AbortSignal, leave: () => void) => () => void

interface Group {
  readonly leaves: Set<() => void>
  readonly listener: () => void
}

/** One listener on each signal, however many calls share it: Node takes more than ten for a leak. */
export function createAbortListeners(): ListenForAbort {
  const groups = new Map<AbortSignal, Group>()

  const listen = (signal: AbortSignal): Group => {
    const leaves = new Set<() => void>()
    const listener = (): void => {
      groups.delete(signal)
      for (const leave of leaves) leave()
    }
    const group = { leaves, listener }
    signal.addEventListener('abort', listener, { once: true })
    groups.set(signal, group)
    return group
  }

  return (signal, leave) => {
    const { leaves, listener } = groups.get(signal) ?? listen(signal)
    leaves.add(leave)
    return () => {
      leaves.delete(leave)
      if (leaves.size > 0) return
      groups.delete(signal)
      signal.removeEventListener('abort', listener)
    }
  }
}
