import {
  createHttpsCredentials,
  gitErrors,
  type Oid,
  type RepositoryReference,
  type FileChange,
} from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import type { HarnessCommit, PullRequestHarness } from '@lg/pull-request/testing'
import { createTree } from '@lg/test-kit'

/** The part of a harness that works on a real remote with plain Git. */
export type LiveGit = Pick<PullRequestHarness, 'commit' | 'deleteBranch' | 'branches' | 'readFile' | 'close'>

/** @param username what the host wants beside a token: `x-access-token`, `oauth2`. */
export async function createLiveGit(
  repository: RepositoryReference,
  { base, username, token }: { readonly base: string; readonly username: string; readonly token: string },
): Promise<LiveGit> {
  const tree = await createTree()
  const credentials = createHttpsCredentials({ username, password: token })
  const store = await createGitCli().open({ dir: tree.path('store'), remote: repository, credentials })
  const branches = async (): Promise<Readonly<Record<string, Oid>>> => {
    await store.fetch({ refspecs: ['+refs/heads/*:refs/live/*'], prune: true })
    const refs = await store.listRefs('refs/live/')
    return Object.fromEntries([...refs].map(([ref, oid]) => [ref.slice('refs/live/'.length), oid]))
  }
  return {
    branches,
    async commit({ branch, from = base, files, message = 'Change files' }: HarnessCommit) {
      const tips = await branches()
      const parent = tips[branch] ?? tips[from] ?? from
      const changes = Object.entries(files).map(([path, text]): FileChange =>
        text === null ?
          { type: 'delete', path }
        : { type: 'write', path, content: new TextEncoder().encode(text) },
      )
      const author = { name: 'Live run', email: 'live@example.com', time: Date.now() }
      const commit = await store.createCommit({ parents: [parent], changes, author, message: `${message}\n` })
      await store.push([{ ref: `refs/heads/${branch}`, target: commit, expected: tips[branch] ?? null }])
      return commit
    },
    async deleteBranch(branch) {
      await store.push([{ ref: `refs/heads/${branch}`, target: null }])
    },
    async readFile(revision, path) {
      const commit = (await branches())[revision] ?? revision
      try {
        const entry = await store.findEntry(commit, path)
        return entry && new TextDecoder().decode(await store.readBlob(entry.oid))
      } catch (error) {
        if (gitErrors.is(error, 'OBJECT_NOT_FOUND')) return undefined
        throw error
      }
    },
    async close() {
      await store.close()
      await tree.close()
    },
  }
}
