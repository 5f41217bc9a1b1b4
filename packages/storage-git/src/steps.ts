/** What a Git storage has just done, by name, in the order of a transaction; then those of its saved index. */
export const gitStorageSteps = [
  'change made',
  'commit stored',
  'branch claimed',
  'commit pushed',
  'pull request opened',
  'index written',
  'index in place',
] as const

export type GitStorageStep = (typeof gitStorageSteps)[number]

/** Called at each step, before anything else happens. */
export type OnGitStorageStep = (step: GitStorageStep) => void
