/// <reference types="node" />
import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises'
import { lstatSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { gitErrors } from '../errors.ts'
import type { TreeEntry } from '../commit.ts'
import type { WorktreeUpdate } from '../git.ts'
import { checkPath, randomHex, type CallOptions, type Random } from '@lg/runtime'
import type { ObjectReader } from './object-reader.ts'
import { ownFolder } from './open-store.ts'
import { createQueue } from './queue.ts'
import type { Queue } from './queue.ts'
import { readBlobs } from './read-blobs.ts'
import type { BringBlobs } from './read-blobs.ts'
import type { OnFileStep } from './steps.ts'
import type { Trees } from './trees.ts'

export interface WorktreeParts {
  /** The store, which remembers what it put where. */
  readonly dir: string
  readonly trees: Trees
  readonly reader: ObjectReader
  readonly bring: BringBlobs | undefined
  readonly random: Random
  readonly onStep?: OnFileStep | undefined
}

/** What was put at a path, and what the file system said of it then. */
interface Placed {
  readonly oid: string
  readonly mode: string
  readonly stamp: string
}

type Placements = Map<string, Placed>

/** Files written at the same time. */
const width = 8

/** Worktrees of one store; updates of the same folder wait for each other. */
export function createWorktrees(
  parts: WorktreeParts,
): (update: WorktreeUpdate, options?: CallOptions) => Promise<void> {
  const queues = new Map<string, Queue>()
  return (update, options = {}) => {
    const queue = queues.get(update.dir) ?? createQueue()
    queues.set(update.dir, queue)
    return queue(options.signal, () => updateWorktree(parts, update, options))
  }
}

async function updateWorktree(
  { dir: store, trees, reader, bring, random, onStep }: WorktreeParts,
  { dir, commit, under }: WorktreeUpdate,
  options: CallOptions,
): Promise<void> {
  const files = await trees.listTree(commit, { ...options, ...(under !== undefined && { under }) })
  for (const { path } of files) checkPath(path)
  const wanted = new Map(files.filter(({ mode }) => mode !== 'submodule').map((entry) => [entry.path, entry]))
  const record = join(
    ownFolder(store),
    'worktrees',
    `${createHash('sha256').update(dir).digest('hex').slice(0, 32)}.json`,
  )
  const placed = await openRecord(record, dir)
  const present = await scan(dir, options.signal)

  const stale = Array.from(present.files.keys()).filter((path) => !wanted.has(path))
  await removeFiles(dir, stale, present.folders, wanted)
  const kept: Placements = new Map()
  const missing: TreeEntry[] = []
  for (const entry of wanted.values()) {
    const before = placed.get(entry.path)
    const isSame =
      before?.oid === entry.oid &&
      before.mode === entry.mode &&
      before.stamp === present.files.get(entry.path)
    if (isSame && before) kept.set(entry.path, before)
    else missing.push(entry)
  }
  if (stale.length === 0 && missing.length === 0 && placed.size === kept.size) return
  try {
    await placeFiles({ dir, reader, bring, random, onStep, options, kept }, missing)
  } finally {
    await saveRecord(record, dir, kept)
    onStep?.('files recorded')
  }
}

interface Placing extends Omit<WorktreeParts, 'trees'> {
  /** The worktree. */
  readonly dir: string
  readonly options: CallOptions
  readonly kept: Placements
}

async function placeFiles(
  { dir, reader, bring, random, onStep, options, kept }: Placing,
  entries: readonly TreeEntry[],
): Promise<void> {
  const folders = new Set(entries.map(({ path }) => dirname(join(dir, path))))
  for (const folder of folders) await mkdir(folder, { recursive: true })
  const running = new Set<Promise<void>>()
  const next = entries[Symbol.iterator]()
  for await (const { bytes } of readBlobs(
    reader,
    bring,
    entries.map(({ oid }) => oid),
    options,
  )) {
    const entry = next.next().value as TreeEntry
    const place = async (): Promise<void> => {
      const stamp = await placeFile({ dir, random, onStep }, entry, bytes)
      kept.set(entry.path, { oid: entry.oid, mode: entry.mode, stamp })
    }
    const work: Promise<void> = place().finally(() => running.delete(work))
    running.add(work)
    if (running.size >= width) await Promise.race(running)
  }
  await Promise.all(running)
}

/** Written beside and renamed over, so that a reader sees the old file or the new one. */
async function placeFile(
  { dir, random, onStep }: Pick<Placing, 'dir' | 'random' | 'onStep'>,
  { path, mode }: TreeEntry,
  bytes: Uint8Array,
): Promise<string> {
  const target = join(dir, path)
  const temporary = join(dirname(target), `.lg-${randomHex(random, 8)}`)
  try {
    if (mode === 'symlink') await symlink(Buffer.from(bytes), temporary)
    else await writeFile(temporary, bytes, { flag: 'wx', mode: mode === 'executable' ? 0o777 : 0o666 })
    onStep?.('file written')
    await rename(temporary, target)
    onStep?.('file in place')
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return stampOf(await lstat(target))
}

/** Removes files, and the folders that are empty then and hold no wanted file. */
async function removeFiles(
  dir: string,
  paths: readonly string[],
  folders: readonly string[],
  wanted: ReadonlyMap<string, TreeEntry>,
): Promise<void> {
  await Promise.all(paths.map((path) => rm(join(dir, path), { force: true })))
  const needed = new Set<string>()
  for (const path of wanted.keys()) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) needed.add(path.slice(0, at))
  }
  // The deepest first: a folder is empty once those inside it are gone.
  for (const folder of folders.toReversed()) if (!needed.has(folder)) await rmdir(join(dir, folder))
}

interface Scan {
  /** All that is not a folder, with its stamp. */
  readonly files: ReadonlyMap<string, string>
  /** Each after the one that holds it. */
  readonly folders: readonly string[]
}

/** Looks at files without waiting for each: ten times quicker, and the loop gets its turn after every folder. */
async function scan(dir: string, signal: AbortSignal | undefined): Promise<Scan> {
  const files = new Map<string, string>()
  const folders: string[] = []
  const visit = async (prefix: string): Promise<void> => {
    signal?.throwIfAborted()
    const entries = await readdir(join(dir, prefix), { withFileTypes: true })
    for (const entry of entries) {
      if (entry.isDirectory()) continue
      const path = prefix + entry.name
      const stats = lstatSync(`${dir}/${path}`, { throwIfNoEntry: false })
      if (stats) files.set(path, stampOf(stats))
    }
    for (const entry of entries) {
      if (!entry.isDirectory()) continue
      folders.push(prefix + entry.name)
      await visit(`${prefix}${entry.name}/`)
    }
  }
  await visit('')
  return { files, folders }
}

/** Changes whenever content, mode or identity of the file does. */
function stampOf({ ino, size, mode, mtimeMs, ctimeMs }: Stats): string {
  return `${ino} ${size} ${mode} ${mtimeMs} ${ctimeMs}`
}

/** What was placed so far; a folder that was never ours must be empty. */
async function openRecord(record: string, dir: string): Promise<Placements> {
  const refuse = (reason: string): Error =>
    gitErrors.create('DIRECTORY_NOT_OURS', `${dir} cannot be a worktree: ${reason}`, { dir, reason })
  if (!isAbsolute(dir)) throw refuse('the path is not absolute')
  await mkdir(dir, { recursive: true })
  const text = await readFile(record, 'utf8').catch(() => undefined)
  if (text !== undefined) return parseRecord(text)
  if ((await readdir(dir)).length > 0) throw refuse('it is not empty, and was not filled from this store')
  // Whoever is killed while filling it finds that it is ours.
  await saveRecord(record, dir, new Map())
  return new Map()
}

/** A record that cannot be read costs writing every file anew, no more. */
function parseRecord(text: string): Placements {
  try {
    const { files } = JSON.parse(text) as {
      readonly files: readonly (readonly [string, string, string, string])[]
    }
    return new Map(files.map(([path, oid, mode, stamp]) => [path, { oid, mode, stamp }]))
  } catch {
    return new Map()
  }
}

async function saveRecord(record: string, dir: string, placed: Placements): Promise<void> {
  await mkdir(dirname(record), { recursive: true })
  const files = Array.from(placed, ([path, { oid, mode, stamp }]) => [path, oid, mode, stamp])
  await writeFile(`${record}.new`, JSON.stringify({ dir, files }))
  await rename(`${record}.new`, record)
}
