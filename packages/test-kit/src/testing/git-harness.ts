import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createHttpsCredentials, createSshCredentials, parseRepositoryReference } from '@lg/git'
import type { FileMode, Git } from '@lg/git'
import type { FileOnDisk, GitHarness, GitRemoteHarness, RemoteObserver } from '@lg/git/testing'
import { createBareRepository } from '../bare-repository.ts'
import type { BareRepository } from '../bare-repository.ts'
import { createGitHttpServer } from '../git-http-server.ts'
import { createGitSshServer } from '../git-ssh-server.ts'
import { createSshAgent } from '../ssh-agent.ts'
import { createSshKeyPair } from '../ssh-key.ts'

/** How the repositories below a folder are reached. */
export interface GitTransport extends Pick<GitRemoteHarness, 'credentials' | 'wrongCredentials'> {
  url(repository: string): string
  close(): Promise<void>
}

/**
 * What `gitConformance` of `@lg/git/testing` needs to try an engine over one transport.
 *
 * @param serve makes the repositories below a folder reachable: {@link serveFiles}, {@link serveHttp},
 *   {@link serveSshKey} or {@link serveSshAgent}.
 * @example
 * ```ts
 * gitConformance({ name: 'my engine over HTTP', createHarness: () => createGitHarness(git, serveHttp) })
 * ```
 */
export async function createGitHarness(
  git: Git,
  serve: (root: string) => Promise<GitTransport>,
): Promise<GitHarness> {
  const root = await mkdtemp(join(tmpdir(), 'git-test-'))
  const transport = await serve(root)
  let made = 0
  return {
    git,
    newDir: async () => join(root, 'dirs', `${made++}`),
    async newRemote(files) {
      const name = `remotes/r${made++}.git`
      const repository = await createBareRepository({ dir: join(root, name), ...(files && { files }) })
      return {
        reference: parseRepositoryReference(transport.url(name)),
        missing: parseRepositoryReference(transport.url(`remotes/nope${made}.git`)),
        credentials: transport.credentials,
        wrongCredentials: transport.wrongCredentials,
        observer: observe(repository),
      }
    },
    readFiles,
    async writeFile(dir, path, content) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), content)
    },
    async close() {
      await transport.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** By path. */
export function serveFiles(root: string): Promise<GitTransport> {
  return Promise.resolve({ url: (repository) => join(root, repository), close: async () => {} })
}

/** Over HTTP, with a token that has all that an URL or a shell could trip over. */
export async function serveHttp(root: string): Promise<GitTransport> {
  const token = 'tok/en with "quotes" & spaces'
  const server = await createGitHttpServer({ root, accounts: [{ user: 'bot', token }] })
  return {
    url: (repository) => server.url(repository),
    credentials: createHttpsCredentials({ username: 'bot', password: token }),
    wrongCredentials: createHttpsCredentials({ username: 'bot', password: 'another' }),
    close: () => server.close(),
  }
}

/** Over SSH, with a key file whose path has all that a shell or ssh could trip over. */
export async function serveSshKey(root: string, passphrase?: string): Promise<GitTransport> {
  const folder = join(root, `it's a "key" %h $HOME`)
  const key = await createSshKeyPair(passphrase === undefined ? {} : { passphrase })
  const stranger = await createSshKeyPair()
  const server = await createGitSshServer({ root, authorizedKeys: [key] })
  await mkdir(folder)
  const knownHosts = join(folder, 'known hosts')
  await writeFile(knownHosts, server.knownHosts())
  await writeFile(join(folder, 'id'), key.privateKey, { mode: 0o600 })
  await writeFile(join(folder, 'stranger'), stranger.privateKey, { mode: 0o600 })
  const file = (name: string) => ({ type: 'file', path: join(folder, name) }) as const
  return {
    url: (repository) => server.url(repository),
    credentials: createSshCredentials({
      key: { ...file('id'), ...(passphrase !== undefined && { passphrase }) },
      knownHosts,
    }),
    wrongCredentials: createSshCredentials({ key: file('stranger'), knownHosts }),
    close: () => server.close(),
  }
}

/** Over SSH, with an agent. */
export async function serveSshAgent(root: string): Promise<GitTransport> {
  const key = await createSshKeyPair()
  const server = await createGitSshServer({ root, authorizedKeys: [key] })
  const knownHosts = join(root, 'known_hosts')
  await writeFile(knownHosts, server.knownHosts())
  const agent = await createSshAgent([key])
  const empty = await createSshAgent()
  return {
    url: (repository) => server.url(repository),
    credentials: createSshCredentials({ key: { type: 'agent', socket: agent.socket }, knownHosts }),
    wrongCredentials: createSshCredentials({ key: { type: 'agent', socket: empty.socket }, knownHosts }),
    async close() {
      await server.close()
      await Promise.all([agent.close(), empty.close()])
    },
  }
}

function observe(repository: BareRepository): RemoteObserver {
  const {
    refs,
    readFile: read,
    listFiles,
    commit,
    forcePush,
    deleteBranch,
    setHead,
    setHook,
    fsck,
  } = repository
  return {
    refs: () => refs(),
    readFile: (ref, path) => read(ref, path),
    listFiles: (ref) => listFiles(ref),
    commit: (request) => commit(request),
    forcePush: (request) => forcePush(request),
    deleteBranch: (branch) => deleteBranch(branch),
    setHead: (branch) => setHead(branch),
    refusePushes: (words) =>
      setHook('pre-receive', words === null ? null : `#!/bin/sh\necho '${words}' >&2\nexit 1\n`),
    fsck: () => fsck(),
  }
}

async function readFiles(dir: string): Promise<Readonly<Record<string, FileOnDisk>>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map(async (entry): Promise<readonly [string, FileOnDisk]> => {
      const path = join(entry.parentPath, entry.name)
      const { ino, mtimeMs, mode } = await lstat(path)
      const kind: FileMode =
        entry.isSymbolicLink() ? 'symlink'
        : (mode & 0o100) === 0 ? 'file'
        : 'executable'
      const content = kind === 'symlink' ? await readlink(path) : await readFile(path, 'utf8')
      return [relative(dir, path), { content, mode: kind, identity: `${ino} ${mtimeMs}` }]
    })
  return Object.fromEntries(await Promise.all(files))
}
