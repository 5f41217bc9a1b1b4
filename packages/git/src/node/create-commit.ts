import { gitErrors } from '../errors.ts'
import type { FileChange } from '../commit.ts'
import type { NewCommit } from '../git.ts'
import type { Oid } from '../oid.ts'
import { checkPath, type CallOptions } from '@lg/runtime'
import { addSignature, formatCommit } from './commit-text.ts'
import type { ObjectFormat } from './object-format.ts'
import type { ObjectReader } from './object-reader.ts'
import type { NewObject, ObjectWriter } from './object-writer.ts'
import type { BringBlobs } from './read-blobs.ts'
import { editTree, fileMode, isFolder, rawMode, rawName, scanTree } from './tree.ts'
import type { TreeEdit } from './tree.ts'
import { notFound } from './trees.ts'
import type { Node, Trees } from './trees.ts'

export interface CommitStore {
  readonly trees: Trees
  readonly reader: ObjectReader
  readonly bring: BringBlobs | undefined
  readonly writer: ObjectWriter
  readonly format: ObjectFormat
}

/** Stores a commit: the first parent's tree with the changes, of which only the folders on their paths are read. */
export async function createCommit(
  store: CommitStore,
  commit: NewCommit,
  options: CallOptions = {},
): Promise<Oid> {
  const changes = changesByFolder(commit.changes)
  const [parentRoot] = await Promise.all(commit.parents.map((parent) => store.trees.rootOf(parent, options)))
  const objects: NewObject[] = []
  const keep = (object: NewObject): Oid => {
    objects.push(object)
    return object.oid
  }
  const root = await applyFolder({ ...store, options, keep }, '', parentRoot, changes)
  const tree = root ?? keep(store.writer.make('tree', new Uint8Array(0)))
  const oid = keep(store.writer.make('commit', await formatSigned(tree, commit, store.format)))
  await store.writer.write(objects, options)
  return oid
}

/** Stores a commit over a tree that is there already. */
export async function commitTree(
  { writer, format }: Pick<CommitStore, 'writer' | 'format'>,
  tree: Oid,
  commit: Omit<NewCommit, 'changes'>,
  options?: CallOptions,
): Promise<Oid> {
  const object = writer.make('commit', await formatSigned(tree, commit, format))
  await writer.write([object], options)
  return object.oid
}

async function formatSigned(
  tree: Oid,
  commit: Omit<NewCommit, 'changes'>,
  format: ObjectFormat,
): Promise<Uint8Array> {
  const bytes = formatCommit(tree, commit)
  return commit.sign === undefined ? bytes : addSignature(bytes, await commit.sign(bytes), format.name)
}

/** Changes as a tree: what becomes of a path, and of the paths below it. */
interface Folder {
  change?: FileChange
  readonly children: Map<string, Folder>
}

function changesByFolder(changes: readonly FileChange[]): Folder {
  const root: Folder = { children: new Map() }
  for (const change of changes) {
    checkPath(change.path)
    let folder = root
    for (const part of change.path.split('/')) {
      const child = folder.children.get(part) ?? { children: new Map() }
      folder.children.set(part, child)
      folder = child
    }
    if (folder.change) throw badPath(change.path, 'it is changed twice')
    folder.change = change
  }
  return root
}

interface Application extends CommitStore {
  readonly options: CallOptions
  keep(object: NewObject): Oid
}

/** The folder with its changes, or `undefined` when no file is left in it. */
async function applyFolder(
  application: Application,
  path: string,
  tree: Oid | undefined,
  { children }: Folder,
): Promise<Oid | undefined> {
  if (children.size === 0) return tree
  const { trees, writer, format, options, keep } = application
  const bytes = tree === undefined ? new Uint8Array(0) : await trees.readTree(tree, options)
  const names = new Map(Array.from(children, ([name, child]) => [rawName(name), [name, child]] as const))
  const present = new Map<string, Node>()
  for (const entry of scanTree(bytes, format.oidLength))
    if (names.has(entry.name)) present.set(entry.name, entry)
  const edits = await Promise.all(
    Array.from(names, async ([raw, [name, child]]): Promise<readonly [string, TreeEdit]> => {
      const at = path === '' ? name : `${path}/${name}`
      return [raw, await applyEntry(application, at, present.get(raw), child)]
    }),
  )
  const edited = editTree(bytes, new Map(edits), format.oidLength)
  return edited.length === 0 ? undefined : keep(writer.make('tree', edited))
}

async function applyEntry(
  application: Application,
  path: string,
  present: Node | undefined,
  folder: Folder,
): Promise<TreeEdit> {
  const { change, children } = folder
  const wasFolder = present !== undefined && isFolder(present.mode)
  if (change?.type === 'delete' && (present === undefined || wasFolder)) {
    throw badPath(path, wasFolder ? 'it is a folder; delete its files' : 'no file is there to delete')
  }
  if (children.size > 0 && present !== undefined && !wasFolder && change?.type !== 'delete') {
    throw badPath(path, 'it is a file, and cannot be a folder as well; delete it in the same commit')
  }
  const below = await applyFolder(application, path, wasFolder ? present.oid : undefined, folder)
  if (change?.type !== 'write') return below === undefined ? null : { mode: '40000', oid: below }
  if (below !== undefined) {
    throw badPath(
      path,
      'it is a folder, and cannot be a file as well; delete all its files in the same commit',
    )
  }
  return writeEntry(application, change, wasFolder ? undefined : present)
}

async function writeEntry(
  { reader, bring, writer, options, keep }: Application,
  { path, content, mode }: Extract<FileChange, { type: 'write' }>,
  present: Node | undefined,
): Promise<TreeEdit> {
  const same = present !== undefined && (mode === undefined || fileMode(present.mode) === mode)
  const raw = same ? present.mode : rawMode(mode ?? 'file')
  if (fileMode(raw) === 'submodule') {
    if (content instanceof Uint8Array) throw badPath(path, 'a submodule is written as the name of its commit')
    return { mode: raw, oid: content.oid }
  }
  if (content instanceof Uint8Array) return { mode: raw, oid: keep(writer.make('blob', content)) }
  await bring?.([content.oid], options.signal)
  const reply = await reader.info(content.oid, options.signal)
  if (reply.type !== 'object' || reply.kind !== 'blob') throw notFound(content.oid, 'blob')
  return { mode: raw, oid: content.oid }
}

function badPath(path: string, reason: string): Error {
  return gitErrors.create('INVALID_PATH', `${JSON.stringify(path)} cannot be changed: ${reason}`, {
    path,
    reason,
  })
}
