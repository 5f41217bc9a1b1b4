/** One line of the table that `pnpm bench` prints. */
export interface BenchRow {
  /** What was measured, with its size: `list 10,000 objects again`. */
  readonly name: string
  /** The figure, with its unit: `4.1 ms`. */
  readonly figure: string
  /** What it is compared with in the same run, and its figure: `the first list: 1,210 ms`. */
  readonly reference: string
  /** The figure divided by the reference's, so smaller is better. */
  readonly ratio: number
  /** The most that the ratio may be; without it the row only informs. */
  readonly aim?: number
}
