/** What a Git directory has just done, by name: each of them moves it on for good. */
export const gitDirectorySteps = [
  'store opened',
  'branch fetched',
  'files laid out',
  'head moved',
  'commit pushed',
  'pushed branch followed',
] as const

export type GitDirectoryStep = (typeof gitDirectorySteps)[number]

/** Called at each step, before anything else happens. */
export type OnGitDirectoryStep = (step: GitDirectoryStep) => void
