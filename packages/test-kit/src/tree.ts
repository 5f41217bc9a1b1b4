import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join, normalize, relative, sep } from 'node:path'
import { testKitErrors } from './errors.ts'

/** A directory of files that is gone after `close()`. */
export interface Tree {
  /** Absolute, with symbolic links of the temporary directory resolved. */
  readonly dir: string
  /** The absolute path of a file in the tree. */
  path(...parts: string[]): string
  /** Writes a file, with its folders, and gives its absolute path. */
  write(path: string, content: string | Uint8Array, options?: { readonly mode?: number }): Promise<string>
  read(path: string): Promise<string>
  readBytes(path: string): Promise<Uint8Array>
  /** Removes a file or folder, if it is there. */
  remove(path: string): Promise<void>
  /** All files below the tree or one folder of it, relative to the tree, with `/`, sorted. */
  list(path?: string): Promise<string[]>
  /** Removes the directory with all that is in it. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A temporary directory with these files in it.
 *
 * @example
 * ```ts
 * const tree = await createTree({ 'cars/foo.yaml': 'kind: Car\n' })
 * try { await use(tree.dir) } finally { await tree.close() }
 * ```
 */
export async function createTree(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Tree> {
  const dir = await mkdtemp(join(await realpath(tmpdir()), 'lg-test-'))
  const path = (...parts: string[]): string => {
    const local = normalize(join('.', ...parts))
    if (local === '..' || local.startsWith(`..${sep}`) || parts.some(isAbsolute)) {
      throw testKitErrors.create('PATH_INVALID', `${parts.join('/')} is outside the tree ${dir}`, {
        path: parts.join('/'),
      })
    }
    return join(dir, local)
  }
  const close = (): Promise<void> => rm(dir, { recursive: true, force: true, maxRetries: 3 })
  const tree: Tree = {
    dir,
    path,
    async write(name, content, { mode } = {}) {
      const file = path(name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content, { mode })
      // The mode of `writeFile` is cut by the umask and left alone when the file exists.
      if (mode !== undefined) await chmod(file, mode)
      return file
    },
    read: async (name) => await readFile(path(name), 'utf8'),
    readBytes: async (name) => await readFile(path(name)),
    remove: async (name) => await rm(path(name), { recursive: true, force: true }),
    async list(name = '.') {
      const found = await readdir(path(name), { recursive: true, withFileTypes: true })
      return found
        .filter((entry) => !entry.isDirectory())
        .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
  try {
    for (const [name, content] of Object.entries(files)) await tree.write(name, content)
  } catch (error) {
    await close()
    throw error
  }
  return tree
}
