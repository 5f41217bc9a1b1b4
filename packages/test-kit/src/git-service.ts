import { realpath } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'

/** What a client wants of a Git server: `git-upload-pack` or `git-receive-pack`. */
export type GitService = 'fetch' | 'push'

/** What an account or a key may do; `write` includes `read`. */
export type Access = 'read' | 'write'

/** The service behind a command or an endpoint, undefined for anything else. */
export function gitService(name: string | null): GitService | undefined {
  if (name === 'git-upload-pack') return 'fetch'
  return name === 'git-receive-pack' ? 'push' : undefined
}

export function allows(access: Access | undefined, service: GitService): boolean {
  return access === 'write' || (access === 'read' && service === 'fetch')
}

/** The absolute path of a repository below the root, undefined when it is not there or not below. */
export async function findRepository(root: string, name: string): Promise<string | undefined> {
  if (name.includes('\0')) return undefined
  try {
    const base = await realpath(root)
    const path = await realpath(resolve(join(base, name)))
    await realpath(join(path, 'objects'))
    return path.startsWith(base + sep) ? path : undefined
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(code)) return undefined
    throw error
  }
}
