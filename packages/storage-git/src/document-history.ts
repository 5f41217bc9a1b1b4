import { gitErrors, type Commit, type GitRepository, type Oid } from '@lg/git'
import { keyId, type CallOptions, type ObjectKey } from '@lg/runtime'
import { indexFile, type ContentType, type Location } from '@lg/storage-raw'
import type { IndexTools } from './commit-state.ts'

/** A document as one commit holds it. */
export interface DocumentText {
  readonly bytes: Uint8Array
  readonly version: string
  readonly location: Location
  readonly line: number
  readonly contentType: ContentType
}

/** What one commit did to the document of a key. */
export interface DocumentChange {
  readonly commit: Commit
  readonly before: DocumentText | undefined
  readonly after: DocumentText | undefined
}

/**
 * The commits that changed the document of a key, newest first, across moves to other files and earlier lives under
 * the same path. A merge counts only when its document is none of its parents'.
 *
 * @throws {LgError} `HISTORY_INCOMPLETE` after the last change that is known, in a shallow clone.
 * @param path the file that holds it at `from`; without one, commit after commit is asked for who deleted it.
 */
export async function* documentHistory(
  tools: IndexTools,
  key: ObjectKey,
  { from, path }: { readonly from: Oid; readonly path: string | undefined },
  options: CallOptions = {},
): AsyncGenerator<DocumentChange> {
  const { repository } = tools
  const find = createFinder(tools, key)
  let place: { readonly path: string; readonly from: Oid } | undefined =
    path === undefined ? undefined : { path, from }
  if (place === undefined) {
    for await (const commit of repository.log(from, { ...options, firstParent: true })) {
      const before = await find.goneIn(commit, options)
      if (before === undefined) continue
      yield { commit, before, after: undefined }
      place = { path: before.location.path, from: commit.parents[0] as Oid }
      break
    }
  }
  while (place !== undefined) {
    const current: { readonly path: string; readonly from: Oid } = place
    place = undefined
    for await (const commit of repository.log(current.from, { ...options, paths: [current.path] })) {
      const after = await find.at(commit.oid, current.path, options)
      const parents = await find.inParents(commit, current.path, options)
      if (parents.some((parent) => parent?.version === after?.version)) continue
      const here = parents.find((parent) => parent !== undefined)
      const before = here ?? (await find.goneIn(commit, options))
      yield { commit, before, after }
      if (here !== undefined || before === undefined) continue
      place = { path: before.location.path, from: commit.parents[0] as Oid }
      break
    }
  }
}

interface Finder {
  at(commit: Oid, path: string, options: CallOptions): Promise<DocumentText | undefined>
  inParents(
    commit: Commit,
    path: string,
    options: CallOptions,
  ): Promise<readonly (DocumentText | undefined)[]>
  /** The document in another file that the commit took it from. */
  goneIn(commit: Commit, options: CallOptions): Promise<DocumentText | undefined>
}

function createFinder({ repository, recognize, rules }: IndexTools, key: ObjectKey): Finder {
  const seen = new Map<string, DocumentText | undefined>()
  const inBlob = async (path: string, oid: Oid, options: CallOptions): Promise<DocumentText | undefined> => {
    const id = `${oid} ${path}`
    if (seen.has(id)) return seen.get(id)
    const found = documentOf(path, await readBlob(repository, oid, options))
    seen.set(id, found)
    return found
  }
  const documentOf = (path: string, bytes: Uint8Array | undefined): DocumentText | undefined => {
    if (bytes === undefined) return undefined
    const document = indexFile(path, bytes, recognize).documents.find((one) => keyId(one.key) === keyId(key))
    if (document === undefined) return undefined
    const { start, end, version, location, line, contentType } = document
    return { bytes: bytes.subarray(start, end), version, location, line, contentType }
  }
  const at: Finder['at'] = async (commit, path, options) => {
    const entry = await repository.findEntry(commit, path, options)
    if (entry?.mode !== 'file' && entry?.mode !== 'executable') return undefined
    return await inBlob(path, entry.oid, options)
  }
  return {
    at,
    async inParents({ parents }, path, options) {
      if (parents.length === 0) return [undefined]
      return await Promise.all(parents.map((parent) => at(parent, path, options)))
    },
    async goneIn({ oid, parents }, options) {
      const [parent] = parents
      if (parent === undefined) return undefined
      for (const change of await repository.diffTrees(parent, oid, options)) {
        if (change.type === 'added' || !rules.file(change.path)) continue
        const before = await inBlob(change.path, change.before.oid, options)
        if (before === undefined) continue
        const after =
          change.type === 'modified' ? await inBlob(change.path, change.after.oid, options) : undefined
        if (after === undefined) return before
      }
      return undefined
    },
  }
}

/** Larger files are no manifests. Bytes. */
const limit = 16 * 1024 * 1024

async function readBlob(
  repository: GitRepository,
  oid: Oid,
  options: CallOptions,
): Promise<Uint8Array | undefined> {
  try {
    return await repository.readBlob(oid, { ...options, limit })
  } catch (error) {
    if (gitErrors.is(error, 'BLOB_TOO_LARGE')) return undefined
    throw error
  }
}
