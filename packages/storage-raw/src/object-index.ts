import { formatKey, keyId, type GroupKind, type ObjectKey } from '@lg/runtime'
import type { IndexedDocument, IndexedFile } from './indexed-file.ts'
import type { FileProblem } from './recognized.ts'
import { createSortedMap, type SortedMap } from './sorted-map.ts'

/**
 * Which object stands where, over any number of files. Immutable: `with` gives a changed copy that shares the rest, so
 * that readers pinned to several states cost little more than one.
 */
export interface ObjectIndex {
  /** How many objects are served. */
  readonly size: number
  /** The document that serves a key: of several, the first by path and number. */
  get(key: ObjectKey): IndexedDocument | undefined
  file(path: string): IndexedFile | undefined
  /** Every file, ordered by path. */
  files(): Iterable<IndexedFile>
  /** The served documents of a kind or of all, ordered by key: the same list each time. */
  list(kind?: GroupKind): readonly IndexedDocument[]
  /** What keeps documents from being served, duplicates included, ordered by path and document. */
  problems(): readonly FileProblem[]
  /** A copy with these files added or replaced, and those paths removed. */
  with(files: Iterable<IndexedFile>, removed?: Iterable<string>): ObjectIndex
}

/** The documents of one key: almost always one. Several are ordered by path and number. */
type Holders = IndexedDocument | readonly IndexedDocument[]

interface Maps {
  readonly files: SortedMap<IndexedFile>
  readonly keys: SortedMap<Holders>
  /** Files with problems of their own. */
  readonly troubled: SortedMap<IndexedFile>
  /** Keys with several holders. */
  readonly duplicates: SortedMap<readonly IndexedDocument[]>
}

export function createObjectIndex(files: Iterable<IndexedFile> = []): ObjectIndex {
  const empty = fromMaps({
    files: createSortedMap(),
    keys: createSortedMap(),
    troubled: createSortedMap(),
    duplicates: createSortedMap(),
  })
  return empty.with(files)
}

function fromMaps(maps: Maps): ObjectIndex {
  const { files, keys, troubled, duplicates } = maps
  /** Made when first asked for: a state is listed many times, and never changes. */
  const lists = new Map<string, readonly IndexedDocument[]>()
  const list = (kind?: GroupKind): readonly IndexedDocument[] => {
    const prefix = kindPrefix(kind)
    const known = lists.get(prefix)
    if (known !== undefined) return known
    const found = Array.from(keys.entries(prefix), ([, holders]) => firstOf(holders) as IndexedDocument)
    lists.set(prefix, Object.freeze(found))
    return found
  }
  return {
    size: keys.size,
    get: (key) => firstOf(keys.get(keyId(key))),
    file: (path) => files.get(path),
    *files() {
      for (const [, file] of files.entries()) yield file
    },
    list,
    problems() {
      const found: FileProblem[] = []
      for (const [, file] of troubled.entries()) found.push(...file.problems)
      for (const [, holders] of duplicates.entries()) found.push(...duplicatesOf(holders))
      return found.sort(byLocation)
    },
    with: (changed, removed = []) => fromMaps(change(maps, changed, removed)),
  }
}

function change(maps: Maps, changed: Iterable<IndexedFile>, removed: Iterable<string>): Maps {
  const files = new Map<string, IndexedFile | undefined>()
  for (const path of removed) files.set(path, undefined)
  for (const file of changed) files.set(file.path, file)

  const keys = new Map<string, IndexedDocument[]>()
  const holdersOf = (key: ObjectKey): IndexedDocument[] => {
    const id = keyId(key)
    const known = keys.get(id)
    if (known !== undefined) return known
    const holders = asList(maps.keys.get(id)).filter(({ location }) => !files.has(location.path))
    keys.set(id, holders)
    return holders
  }
  for (const [path, file] of files) {
    for (const document of maps.files.get(path)?.documents ?? []) holdersOf(document.key)
    for (const document of file?.documents ?? []) holdersOf(document.key).push(document)
  }

  const keyChanges = new Map<string, Holders | undefined>()
  const duplicateChanges = new Map<string, readonly IndexedDocument[] | undefined>()
  for (const [id, holders] of keys) {
    const several = holders.length > 1
    if (several) holders.sort(byLocation)
    keyChanges.set(id, several ? holders : holders[0])
    if (several || maps.duplicates.get(id) !== undefined)
      duplicateChanges.set(id, several ? holders : undefined)
  }
  const troubledChanges = new Map<string, IndexedFile | undefined>()
  for (const [path, file] of files) {
    const troubled = (file?.problems.length ?? 0) > 0
    if (troubled || maps.troubled.get(path) !== undefined)
      troubledChanges.set(path, troubled ? file : undefined)
  }
  return {
    files: maps.files.with(files),
    keys: maps.keys.with(keyChanges),
    troubled: maps.troubled.with(troubledChanges),
    duplicates: maps.duplicates.with(duplicateChanges),
  }
}

function* duplicatesOf(holders: readonly IndexedDocument[]): Iterable<FileProblem> {
  const [served, ...others] = holders
  if (served === undefined) return
  for (const { key, location, line } of others) {
    yield {
      type: 'duplicate',
      location,
      line,
      key,
      served: served.location,
      message: `${formatKey(key)} is stored in ${served.location.path} already, which is served; remove one of them`,
    }
  }
}

const asList = (holders: Holders | undefined): readonly IndexedDocument[] =>
  holders === undefined ? []
  : isList(holders) ? holders
  : [holders]
const firstOf = (holders: Holders | undefined): IndexedDocument | undefined =>
  holders !== undefined && isList(holders) ? holders[0] : holders
const isList = (holders: Holders): holders is readonly IndexedDocument[] => Array.isArray(holders)

const kindPrefix = (kind: GroupKind | undefined): string =>
  kind === undefined ? '' : `${kind.group}\0${kind.kind}\0`

function byLocation(a: Pick<FileProblem, 'location'>, b: Pick<FileProblem, 'location'>): number {
  if (a.location.path !== b.location.path) return a.location.path < b.location.path ? -1 : 1
  return a.location.document - b.location.document
}
