/// <reference types="node" />
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gitErrors } from '../errors.ts'
import { formatRepositoryReference } from '../repository-reference.ts'
import type { RepositoryReference } from '../repository-reference.ts'

/** What a store says about itself in `lg/store.json`. */
interface StoreMark {
  readonly format: 1
  /** The remote without user; `null` for a local store. */
  readonly remote: string | null
}

/** Where lg keeps what is its own inside a store. */
export function ownFolder(dir: string): string {
  return join(dir, 'lg')
}

export function claimsFolder(dir: string): string {
  return join(ownFolder(dir), 'claims')
}

/**
 * Makes sure that `dir` is empty, absent, or a store of the same remote. Changes nothing but what a first owner needs:
 * the folder itself.
 *
 * @throws {LgError} `DIRECTORY_NOT_OURS`.
 */
export async function checkOurs(dir: string, remote: RepositoryReference | undefined): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw notOurs(dir, `it cannot be made or is no folder (${(error as Error).message})`)
  })
  const mark = await readMark(dir)
  if (mark === undefined) {
    // An owner that was killed at its first open leaves its folder alone.
    const others = (await readdir(dir)).filter((name) => name !== 'lg')
    if (others.length > 0) throw notOurs(dir, 'it is not empty, and no store that lg made')
    return
  }
  const wanted = markOf(remote).remote
  if (mark.remote !== wanted)
    throw notOurs(dir, `it is a store of ${mark.remote ?? 'no remote'}, not of ${wanted ?? 'none'}`)
}

/** Whether git would take the folder for a repository. */
export async function isMade(dir: string): Promise<boolean> {
  const present = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => exists(join(dir, name))))
  return present.every(Boolean)
}

/** Makes an empty bare store, for engines that cannot make one without a template. */
export async function makeStore(dir: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    await mkdir(join(dir, folder), { recursive: true })
  await writeConfiguration(dir)
  await replaceFile(join(dir, 'HEAD'), 'ref: refs/heads/main\n')
}

export async function writeMark(dir: string, remote: RepositoryReference | undefined): Promise<void> {
  await replaceFile(join(ownFolder(dir), 'store.json'), `${JSON.stringify(markOf(remote), undefined, 2)}\n`)
}

/**
 * Writes the store's configuration anew and removes what else could steer git from inside: another place for refs and
 * configuration, borrowed objects, replaced history, hooks, attributes.
 */
export async function writeConfiguration(dir: string): Promise<void> {
  const steering = [
    'commondir',
    'gitdir',
    'config.worktree',
    'hooks',
    'info',
    'worktrees',
    'modules',
    'branches',
    'remotes',
  ]
  await Promise.all(
    [...steering, 'objects/info/alternates', 'objects/info/http-alternates'].map((name) =>
      rm(join(dir, name), { recursive: true, force: true }),
    ),
  )
  const lines = [
    '[core]',
    'repositoryformatversion = 0',
    'filemode = true',
    'bare = true',
    'logallrefupdates = false',
  ]
  // A redirect could take credentials along.
  const http = '[http]\n\tfollowRedirects = false\n'
  await replaceFile(join(dir, 'config'), `${lines.join('\n\t')}\n${http}`)
}

/**
 * Removes what a killed owner left behind: lock files, half-written objects and packs, crash reports. Only for the
 * owner of the directory.
 */
export async function sweep(dir: string): Promise<void> {
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true })
  const names = await readdir(dir)
  await Promise.all(
    names
      .filter((name) => name.endsWith('.lock') || name.startsWith('fast_import_crash_'))
      .map((name) => remove(join(dir, name))),
  )
  const objects = await list(join(dir, 'objects'))
  const halfWritten = objects.filter((name) => /^(?:tmp_obj|incoming-)/.test(name))
  const packs = (await list(join(dir, 'objects', 'pack'))).filter((name) =>
    /^\.?tmp|^pack_git2_|\.lock$/.test(name),
  )
  const infos = (await list(join(dir, 'objects', 'info'))).filter((name) => /\.lock$|tmp_/.test(name))
  await Promise.all([
    ...halfWritten.map((name) => remove(join(dir, 'objects', name))),
    ...packs.map((name) => remove(join(dir, 'objects', 'pack', name))),
    ...infos.map((name) => remove(join(dir, 'objects', 'info', name))),
    ...objects.filter((name) => name.length === 2).map((name) => removeTemporary(join(dir, 'objects', name))),
    removeLocks(join(dir, 'refs')),
  ])
}

async function removeTemporary(folder: string): Promise<void> {
  const names = (await list(folder)).filter((name) => name.startsWith('tmp_obj_'))
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })))
}

async function removeLocks(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const locks = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
  await Promise.all(locks.map((entry) => rm(join(entry.parentPath, entry.name), { force: true })))
}

async function list(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => [])
}

async function readMark(dir: string): Promise<StoreMark | undefined> {
  const path = join(ownFolder(dir), 'store.json')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw notOurs(dir, `${path} cannot be read (${(error as Error).message})`)
  })
  if (text === undefined) return undefined
  try {
    const mark = JSON.parse(text) as Partial<StoreMark> | null
    if (mark?.format === 1 && (mark.remote === null || typeof mark.remote === 'string'))
      return mark as StoreMark
  } catch {
    // Told below.
  }
  throw notOurs(dir, `${path} is not what lg writes; remove the directory to have it made anew`)
}

function markOf(remote: RepositoryReference | undefined): StoreMark {
  if (!remote) return { format: 1, remote: null }
  return { format: 1, remote: formatRepositoryReference(remote).replace(/(^|:\/\/)[^@/]*@/, '$1') }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`
  await rm(temporary, { force: true, recursive: true })
  await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
  await rename(temporary, path)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function notOurs(dir: string, reason: string): Error {
  return gitErrors.create('DIRECTORY_NOT_OURS', `${dir} cannot be used: ${reason}`, { dir, reason })
}
