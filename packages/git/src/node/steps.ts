/** What has just been done to the files of a store or a worktree. */
export type FileStep =
  'object written' | 'object in place' | 'file written' | 'file in place' | 'files recorded'

/** Told of each step before the next one begins. */
export type OnFileStep = (step: FileStep) => void
