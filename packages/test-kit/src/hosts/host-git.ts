import type { BareRepository } from '../bare-repository.ts'
import { testKitErrors } from '../errors.ts'

/** What a host asks of Git. Branches and commits are anything that Git resolves. */
export interface HostGit {
  /** How many commits `head` has that `base` lacks. */
  ahead(base: string, head: string): Promise<number>
  mergeBase(one: string, other: string): Promise<string | undefined>
  /** The tree of a merge; `undefined` when both sides changed the same lines. */
  mergeTree(base: string, head: string): Promise<string | undefined>
  /** Brings `head` into the branch `base`, and gives the commit; `undefined` when it cannot be done. */
  merge(request: MergeRequest): Promise<string | undefined>
  files(from: string, to: string): Promise<readonly HostFile[]>
  /** Takes a commit over from another repository, and keeps it under a name. */
  keep(from: BareRepository, commit: string, ref: string): Promise<void>
}

export interface MergeRequest {
  readonly method: string
  readonly base: string
  readonly head: string
  readonly message: string
}

export interface HostFile {
  readonly status: 'added' | 'modified' | 'removed' | 'renamed'
  readonly path: string
  readonly previousPath: string | undefined
  readonly blob: string
  readonly additions: number
  readonly deletions: number
  /** The hunks alone; `undefined` for binary files, and where nothing but the name changed. */
  readonly hunks: string | undefined
}

const identity = ['-c', 'user.name=Fake Host', '-c', 'user.email=host@example.com']

export function createHostGit(repository: BareRepository): HostGit {
  const { git } = repository
  const line = async (...args: Parameters<typeof git>): Promise<string> => (await git(...args)).trim()

  const mergeTree = async (base: string, head: string, ancestor?: string): Promise<string | undefined> => {
    const from = ancestor === undefined ? [] : [`--merge-base=${ancestor}`]
    const output = await git(['merge-tree', '--write-tree', ...from, base, head], { accept: [0, 1] })
    // Conflicts are told after the tree.
    return output.trim().includes('\n') ? undefined : output.trim()
  }
  const commitTree = (tree: string, parents: readonly string[], message: string): Promise<string> =>
    line([...identity, 'commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
      input: message,
    })

  const rebase = async (base: string, head: string): Promise<string | undefined> => {
    const commits = (await line(['rev-list', '--reverse', '--no-merges', `${base}..${head}`]))
      .split('\n')
      .filter(Boolean)
    let tip: string | undefined = base
    for (const commit of commits) {
      const tree = await cherryPick(tip, commit)
      if (tree === undefined) return undefined
      tip = await commitTree(tree, [tip], await git(['log', '-1', '--format=%B', commit]))
    }
    return tip
  }
  /** Git of this age cannot merge on another ancestor, so the commit is put on one that has it as its parent. */
  const cherryPick = async (onto: string, commit: string): Promise<string | undefined> => {
    const parent = await line(['rev-parse', `${commit}^`])
    const sideways = await commitTree(await line(['rev-parse', `${onto}^{tree}`]), [parent], 'x')
    return await mergeTree(sideways, commit)
  }

  return {
    ahead: async (base, head) => Number(await line(['rev-list', '--count', `${base}..${head}`])),
    mergeBase: async (one, other) =>
      (await line(['merge-base', one, other], { accept: [0, 1] })) || undefined,
    mergeTree: (base, head) => mergeTree(base, head),
    async merge({ method, base, head, message }) {
      const [tip, commit] = [await line(['rev-parse', `refs/heads/${base}`]), await line(['rev-parse', head])]
      const result = await mergedCommit(method, tip, commit, message)
      if (result !== undefined) await git(['update-ref', `refs/heads/${base}`, result, tip])
      return result
    },
    async files(from, to) {
      const names = (await git(['diff', '--raw', '-z', '--no-abbrev', '-M', from, to])).split('\0')
      const files: HostFile[] = []
      for (let index = 0; index + 1 < names.length;) {
        const [, , , blob = '', letter = ''] = (names[index++] ?? '').split(' ')
        const before = names[index++] ?? ''
        const path = letter.startsWith('R') ? (names[index++] ?? '') : before
        const paths = [...new Set([before, path])]
        const patch = await git(['diff', '-M', from, to, '--', ...paths])
        const hunks = /^@@/m.test(patch) ? patch.slice(patch.search(/^@@/m)).replace(/\n$/, '') : undefined
        const count = (sign: string): number =>
          hunks?.split('\n').filter((text) => text.startsWith(sign)).length ?? 0
        const status = statuses[letter.slice(0, 1)] ?? 'modified'
        const previousPath = before === path ? undefined : before
        files.push({ status, path, previousPath, blob, additions: count('+'), deletions: count('-'), hunks })
      }
      return files
    },
    keep: async (from, commit, ref) =>
      void (await git(['fetch', '--quiet', '--no-tags', from.dir, `+${commit}:${ref}`])),
  }

  async function mergedCommit(
    method: string,
    base: string,
    head: string,
    message: string,
  ): Promise<string | undefined> {
    try {
      if (method === 'rebase') return await rebase(base, head)
      if (method === 'fast-forward')
        return (await line(['merge-base', base, head])) === base ? head : undefined
      const tree = await mergeTree(base, head)
      if (tree === undefined) return undefined
      return await commitTree(tree, method === 'squash' ? [base] : [base, head], message)
    } catch (error) {
      // Histories without a common commit.
      if (testKitErrors.is(error, 'GIT_FAILED')) return undefined
      throw error
    }
  }
}

const statuses: Readonly<Record<string, HostFile['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  T: 'modified',
  R: 'renamed',
}
