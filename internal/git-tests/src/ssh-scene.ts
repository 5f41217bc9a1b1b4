import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSshCredentials } from '@lg/git'
import type { GitRepository, SshKey } from '@lg/git'
import { createGitSshServer } from '@lg/test-kit'
import type { GitSshServer, SshKeyPair } from '@lg/test-kit'
import { onTestFinished } from 'vitest'
import { createCars, createFolder } from './cars.ts'
import type { Opener } from './cars.ts'

/** The cars behind a server that lets some keys in. */
export interface SshScene {
  readonly root: string
  readonly server: GitSshServer
  readonly knownHosts: string
  open(key: SshKey, user?: string): Promise<GitRepository>
}

export async function createSshScene(openCars: Opener<never>, ...keys: SshKeyPair[]): Promise<SshScene> {
  const root = await createFolder()
  await createCars(root)
  const server = await createGitSshServer({ root, authorizedKeys: keys })
  onTestFinished(() => server.close())
  const knownHosts = join(root, 'known_hosts')
  await writeFile(knownHosts, `# ours\n${server.knownHosts()}`)
  let stores = 0
  return {
    root,
    server,
    knownHosts,
    open: (key, user) =>
      openCars({
        root,
        dir: join(root, `store${stores++}`),
        url: server.url('cars.git'),
        credentials: createSshCredentials({ key, knownHosts, ...(user !== undefined && { user }) }),
      }),
  }
}
