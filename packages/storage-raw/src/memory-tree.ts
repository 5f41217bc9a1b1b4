import { contentVersion, equalBytes } from './content-version.ts'
import { rawStorageErrors } from './errors.ts'
import type { FileStat, FileTree } from './file-tree.ts'
import { createPathRules, type PathRules } from './path-rules.ts'

/** Files that live as long as the process. Bytes are copied on the way in and out. */
export function createMemoryTree(
  options: {
    readonly files?: Readonly<Record<string, string | Uint8Array>>
    readonly rules?: PathRules
  } = {},
): FileTree {
  const rules = options.rules ?? createPathRules()
  const files = new Map<string, { readonly bytes: Uint8Array; readonly stamp: string }>()
  const put = (path: string, bytes: Uint8Array): FileStat => {
    const stamp = contentVersion(bytes)
    files.set(path, { bytes: Uint8Array.from(bytes), stamp })
    return { path, stamp }
  }
  for (const [path, content] of Object.entries(options.files ?? {})) put(path, Buffer.from(content as string))

  return {
    name: 'memory',
    writable: true,
    includes: (path) => rules.file(path),
    async scan({ signal } = {}) {
      signal?.throwIfAborted()
      const found = [...files]
        .filter(([path]) => rules.file(path))
        .map(([path, { stamp }]) => ({ path, stamp }))
      return { files: found.sort((a, b) => (a.path < b.path ? -1 : 1)), unreadable: [] }
    },
    async stat(path, { signal } = {}) {
      signal?.throwIfAborted()
      const file = files.get(path)
      return file && { path, stamp: file.stamp }
    },
    async read(path, { signal } = {}) {
      signal?.throwIfAborted()
      const file = files.get(path)
      return file && { path, stamp: file.stamp, bytes: Uint8Array.from(file.bytes) }
    },
    async replace({ path, before, after }, { signal } = {}) {
      signal?.throwIfAborted()
      const current = files.get(path)?.bytes
      if (current === undefined || before === undefined ? current !== before : !equalBytes(current, before))
        return false
      if (after === undefined) return files.delete(path)
      for (const existing of current === undefined ? files.keys() : []) {
        if (existing.startsWith(`${path}/`) || path.startsWith(`${existing}/`)) {
          throw rawStorageErrors.create(
            'PATH_COLLISION',
            `Cannot write ${path}: ${existing} is a file, and one of the two would have to be a folder`,
            { path, existing },
          )
        }
      }
      return put(path, after)
    },
    close: async () => files.clear(),
  }
}
