/** Runs one step after the other, also when one fails, and gives what they threw. */
export async function runAll(steps: readonly (() => Promise<void>)[]): Promise<readonly unknown[]> {
  const errors: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      errors.push(error)
    }
  }
  return errors
}
