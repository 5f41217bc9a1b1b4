import type { Identity } from './commit-stream.ts'

/** One commit as `git log` shows it. */
export interface LoggedCommit {
  readonly commit: string
  readonly parents: readonly string[]
  readonly author: Identity
  readonly committer: Identity
  /** The committer's date, in milliseconds since the epoch. */
  readonly date: number
  /** The whole message, without the newline at its end. */
  readonly message: string
}

/** One file that two commits hold differently. */
export interface ChangedFile {
  readonly status: 'added' | 'modified' | 'deleted' | 'typeChanged'
  readonly path: string
}

const fields = ['%H', '%P', '%an', '%ae', '%cn', '%ce', '%ct', '%B']

/** The arguments that make `git log` print what {@link parseLog} reads. */
export const logFormat: readonly string[] = [
  '-z',
  '--no-show-signature',
  `--format=tformat:${fields.join('%x00')}`,
]

export function parseLog(output: string): LoggedCommit[] {
  const values = output.split('\0')
  const commits: LoggedCommit[] = []
  for (let at = 0; at + fields.length <= values.length; at += fields.length) {
    const [
      commit = '',
      parents = '',
      name = '',
      email = '',
      committer = '',
      committerEmail = '',
      seconds,
      message = '',
    ] = values.slice(at, at + fields.length)
    commits.push({
      commit,
      parents: parents.split(' ').filter(Boolean),
      author: { name, email },
      committer: { name: committer, email: committerEmail },
      date: Number(seconds) * 1000,
      message: message.replace(/\n+$/, ''),
    })
  }
  return commits
}

const statuses: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  T: 'typeChanged',
}

/** Reads `git diff --name-status -z`. */
export function parseChanges(output: string): ChangedFile[] {
  const values = output.split('\0')
  const changes: ChangedFile[] = []
  for (let at = 0; at + 1 < values.length; at += 2) {
    const status = statuses[values[at] ?? '']
    const path = values[at + 1]
    if (status === undefined || path === undefined) throw new Error(`Unknown change: ${values[at]} ${path}`)
    changes.push({ status, path })
  }
  return changes
}
