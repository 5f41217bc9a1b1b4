import type { Logger } from '@lg/runtime'
import { createIndexedRawStorage, type MappedRawStorage, type Placement } from '@lg/storage-raw'
import type { CommitState, IndexTools } from './commit-state.ts'
import { createCommitTree, type CommitTree } from './commit-tree.ts'

export interface CommitRawStorageOptions extends IndexTools {
  readonly state: CommitState
  readonly writable: boolean
  readonly place?: Placement | undefined
  readonly logger?: Logger | undefined
}

/** The documents of one commit by key, and what is written on top of them. */
export function createCommitRawStorage(options: CommitRawStorageOptions): {
  readonly raw: MappedRawStorage
  readonly files: CommitTree
} {
  const { repository, rules, recognize, place, logger } = options
  const { commit, index } = options.state
  const files = createCommitTree({
    repository,
    commit,
    rules,
    writable: options.writable,
    blobOf: (path) => index.file(path)?.id,
  })
  // A commit never changes under its index, so there is nothing to look for.
  const raw = createIndexedRawStorage({ files, recognize, place, scan: 'never', index, logger })
  return { raw, files }
}
