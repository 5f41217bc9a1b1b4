import type { GitRepository } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createSerializer } from '@lg/serializer'
import { createStorage } from '@lg/storage'
import { createPathRules, createPlacement, type MappedRawStorage, type Recognize } from '@lg/storage-raw'
import { rawStorageConformance } from '@lg/storage-raw/testing'
import { conformanceScheme, storageConformance } from '@lg/storage/testing'
import { createTree, type Tree } from '@lg/test-kit'
import { afterAll, beforeAll } from 'vitest'
import { createCommitRawStorage } from '../src/commit-raw-storage.ts'
import { readCommitState } from '../src/commit-state.ts'

let tree: Tree
let repository: GitRepository

beforeAll(async () => {
  tree = await createTree()
  repository = await createGitCli().open({ dir: tree.path('store.git') })
})
afterAll(async () => {
  await repository?.close()
  await tree?.close()
})

/** What a transaction stages its work in, on a commit without files. */
async function stage(recognize: Recognize): Promise<MappedRawStorage> {
  const author = { name: 'Ann', email: 'ann@example.org', time: 0 }
  const commit = await repository.createCommit({ parents: [], changes: [], author, message: 'Nothing\n' })
  const tools = { repository, recognize, rules: createPathRules() }
  const state = await readCommitState(tools, commit)
  const place = createPlacement('{groupKind}/{namespace}/{name}.{ext}')
  return createCommitRawStorage({ ...tools, state, writable: true, place }).raw
}

const serializer = createSerializer({ scheme: conformanceScheme() })

rawStorageConformance({
  name: 'a Git commit',
  async create() {
    const storage = await stage(serializer.recognize)
    return { storage, close: () => storage.close() }
  },
})

storageConformance({
  name: 'a Git commit',
  async create() {
    const storage = createStorage({ raw: await stage(serializer.recognize), serializer })
    return { storage, close: () => storage.close() }
  },
})
