/// <reference types="node" />
import { gitErrors } from '../errors.ts'
import { isOid } from '../oid.ts'
import { checkPath, type CallOptions } from '@lg/runtime'
import type { Commit, TreeChange, TreeEntry } from '../commit.ts'
import type { Oid } from '../oid.ts'
import { parseCommit } from './commit-text.ts'
import type { ObjectReader } from './object-reader.ts'
import { fileMode, isFolder, rawName, scanTree, sortKey, textName } from './tree.ts'
import type { RawEntry } from './tree.ts'

/** A folder or file somewhere in a tree. */
export interface Node {
  readonly mode: string
  readonly oid: Oid
}

/** Reads trees as Git stores them, one object at a time, so that only what is asked for is read. */
export interface Trees {
  readCommit(oid: Oid, options?: CallOptions): Promise<Commit>
  /** The bytes of a tree. */
  readTree(oid: Oid, options?: CallOptions): Promise<Uint8Array>
  /** The root of a commit. */
  rootOf(commit: Oid, options?: CallOptions): Promise<Oid>
  /** What is at `path`, a folder too. */
  findNode(commit: Oid, path: string, options?: CallOptions): Promise<Node | undefined>
  listTree(commit: Oid, options?: CallOptions & { readonly under?: string }): Promise<readonly TreeEntry[]>
  diffTrees(
    from: Oid | undefined,
    to: Oid,
    options?: CallOptions & { readonly under?: string },
  ): Promise<readonly TreeChange[]>
}

export function createTrees(reader: ObjectReader, oidLength: number): Trees {
  const readObject = async (oid: Oid, kind: string, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    if (!isOid(oid)) throw notFound(oid, kind)
    const reply = await reader.contents(oid, signal)
    if (reply.type !== 'object' || reply.kind !== kind) throw notFound(oid, kind)
    return reply.bytes
  }

  const readTree: Trees['readTree'] = (oid, { signal } = {}) => readObject(oid, 'tree', signal)

  const rootOf: Trees['rootOf'] = async (commit, { signal } = {}) => {
    const bytes = await readObject(commit, 'commit', signal)
    return parseCommit(commit, bytes).tree
  }

  const findNode: Trees['findNode'] = async (commit, path, options) => {
    checkPath(path)
    let node: Node = { mode: '40000', oid: await rootOf(commit, options) }
    for (const part of path.split('/')) {
      if (!isFolder(node.mode)) return undefined
      const entry = findEntry(await readTree(node.oid, options), rawName(part), oidLength)
      if (!entry) return undefined
      node = entry
    }
    return node
  }

  const startOf = async (
    commit: Oid,
    options: CallOptions & { readonly under?: string },
  ): Promise<Node | undefined> =>
    options.under === undefined || options.under === '' ?
      { mode: '40000', oid: await rootOf(commit, options) }
    : findNode(commit, options.under, options)

  /** Files below a node, in the order of the trees, reading all folders of one level at once. */
  const filesOf = async (prefix: string, node: Node, options: CallOptions): Promise<TreeEntry[]> => {
    if (!isFolder(node.mode)) return [{ path: prefix, mode: fileMode(node.mode), oid: node.oid }]
    const bytes = await readTree(node.oid, options)
    const parts: (TreeEntry | Promise<TreeEntry[]>)[] = []
    for (const { name, mode, oid } of scanTree(bytes, oidLength)) {
      const path = joined(prefix, textName(name))
      parts.push(isFolder(mode) ? filesOf(path, { mode, oid }, options) : { path, mode: fileMode(mode), oid })
    }
    return (await Promise.all(parts)).flat()
  }

  const compare = async (
    prefix: string,
    from: Node | undefined,
    to: Node | undefined,
    options: CallOptions,
  ): Promise<TreeChange[]> => {
    if (from?.oid === to?.oid && from?.mode === to?.mode) return []
    const fromFolder = from && isFolder(from.mode) ? from : undefined
    const toFolder = to && isFolder(to.mode) ? to : undefined
    if (fromFolder && toFolder) return compareFolders(prefix, fromFolder, toFolder, options)
    if (from && to && !fromFolder && !toFolder) {
      return [{ type: 'modified', path: prefix, before: entryOf(prefix, from), after: entryOf(prefix, to) }]
    }
    const [gone, come] = await Promise.all([
      from ? filesOf(prefix, from, options) : [],
      to ? filesOf(prefix, to, options) : [],
    ])
    return [
      ...gone.map((before): TreeChange => ({ type: 'deleted', path: before.path, before })),
      ...come.map((after): TreeChange => ({ type: 'added', path: after.path, after })),
    ]
  }

  const compareFolders = async (
    prefix: string,
    from: Node,
    to: Node,
    options: CallOptions,
  ): Promise<TreeChange[]> => {
    const [before, after] = await Promise.all([readTree(from.oid, options), readTree(to.oid, options)])
    const pairs = Array.from(differing(before, after, oidLength), ([name, old, now]) =>
      compare(joined(prefix, textName(name)), old, now, options),
    )
    return (await Promise.all(pairs)).flat()
  }

  return {
    async readCommit(oid, { signal } = {}) {
      return parseCommit(oid, await readObject(oid, 'commit', signal))
    },
    readTree,
    rootOf,
    findNode,
    async listTree(commit, options = {}) {
      const node = await startOf(commit, options)
      const files = node ? await filesOf(options.under ?? '', node, options) : []
      return files.sort(byPath)
    },
    async diffTrees(from, to, options = {}) {
      const [before, after] = await Promise.all([
        from === undefined ? undefined : startOf(from, options),
        startOf(to, options),
      ])
      const changes = await compare(options.under ?? '', before, after, options)
      return changes.sort(byPath)
    },
  }
}

/** Names whose entries differ between two trees, walked side by side in their common order. */
function* differing(
  before: Uint8Array,
  after: Uint8Array,
  oidLength: number,
): Generator<readonly [string, RawEntry | undefined, RawEntry | undefined]> {
  const olds = scanTree(before, oidLength)
  const news = scanTree(after, oidLength)
  let old = olds.next().value as RawEntry | undefined
  let now = news.next().value as RawEntry | undefined
  while (old || now) {
    const oldKey = old && sortKey(old.name, old.mode)
    const nowKey = now && sortKey(now.name, now.mode)
    const takesOld = oldKey !== undefined && (nowKey === undefined || oldKey <= nowKey)
    const takesNow = nowKey !== undefined && (oldKey === undefined || nowKey <= oldKey)
    if (!takesOld || !takesNow || old?.oid !== now?.oid || old?.mode !== now?.mode) {
      const name = (takesOld ? old?.name : now?.name) ?? ''
      yield [name, takesOld ? old : undefined, takesNow ? now : undefined]
    }
    if (takesOld) old = olds.next().value as RawEntry | undefined
    if (takesNow) now = news.next().value as RawEntry | undefined
  }
}

function findEntry(bytes: Uint8Array, name: string, oidLength: number): RawEntry | undefined {
  for (const entry of scanTree(bytes, oidLength)) if (entry.name === name) return entry
  return undefined
}

export function notFound(oid: string, kind: string): Error {
  return gitErrors.create('OBJECT_NOT_FOUND', `No ${kind} ${oid} in this repository`, { oid })
}

function entryOf(path: string, { mode, oid }: Node): TreeEntry {
  return { path, mode: fileMode(mode), oid }
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}/${name}`
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return (
    a.path < b.path ? -1
    : a.path > b.path ? 1
    : 0
  )
}
