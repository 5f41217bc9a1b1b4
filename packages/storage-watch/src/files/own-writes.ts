/**
 * Knows which states of files this storage made, by their content: what anybody else writes meanwhile is theirs, and
 * a write that fails hides nothing.
 */
export interface OwnWrites {
  /** Before a write: the id of the content, `undefined` when the file goes. Taken back by calling the result. */
  expect(path: string, id: string | undefined): () => void
  /** Whether this state of the file is ours. */
  includes(path: string, id: string | undefined): boolean
  /** The state of the file is known to all: what comes next is somebody's until we write again. */
  settled(path: string, id: string | undefined): void
}

export function createOwnWrites(): OwnWrites {
  const expected = new Map<string, { readonly id: string | undefined }>()
  return {
    expect(path, id) {
      const write = { id }
      expected.set(path, write)
      return () => {
        if (expected.get(path) === write) expected.delete(path)
      }
    },
    includes: (path, id) => expected.has(path) && expected.get(path)?.id === id,
    settled(path, id) {
      if (expected.get(path)?.id === id) expected.delete(path)
    },
  }
}
