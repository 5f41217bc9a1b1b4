import { appendFile, chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve as resolvePath } from 'node:path'
import type { CallOptions } from '@lg/runtime'
import { commitStream } from './commit-stream.ts'
import type { FileContent, Identity } from './commit-stream.ts'
import { testKitErrors } from './errors.ts'
import { runGit } from './git-command.ts'
import type { RunGitOptions } from './git-command.ts'
import { logFormat, parseChanges, parseLog } from './git-output.ts'
import type { ChangedFile, LoggedCommit } from './git-output.ts'

/** What a commit made by a test holds. */
export interface CommitRequest extends CallOptions {
  /** A short name; the branch that HEAD names by default. */
  readonly branch?: string
  /** Where a new branch starts, any commit or ref; the branch that HEAD names by default. */
  readonly from?: string
  /** Files to write; `null` deletes a file or folder. Paths with `/`, without `.`, `..` and `.git` parts. */
  readonly files?: Readonly<Record<string, FileContent | null>>
  readonly message?: string
  readonly author?: Identity
}

/** The difference between two commits. */
export interface Difference {
  /** What `git diff` prints, with whole blob ids and without renames. */
  readonly text: string
  readonly files: readonly ChangedFile[]
}

/** What another developer, or somebody who looks on, does with a bare repository. */
export interface BareRepository {
  /** Absolute path of the repository itself. */
  readonly dir: string
  /** Adds one commit to a branch, which is created when it is missing. Gives the commit's id. */
  commit(request: CommitRequest): Promise<string>
  /** Replaces the last commit of a branch by another one, as a force-push does. Gives the commit's id. */
  forcePush(request: CommitRequest): Promise<string>
  /** Moves a branch to any commit or ref, or creates it there. Gives the commit's id. */
  resetBranch(branch: string, target: string, options?: CallOptions): Promise<string>
  deleteBranch(branch: string, options?: CallOptions): Promise<void>
  /** The file's text; rejects with `GIT_FAILED` when it is not there. */
  readFile(ref: string, path: string, options?: CallOptions): Promise<string>
  readBytes(ref: string, path: string, options?: CallOptions): Promise<Uint8Array>
  /** The paths of all files, sorted. */
  listFiles(ref: string, options?: CallOptions): Promise<string[]>
  /** The commits that a ref reaches, newest first. */
  log(ref: string, options?: CallOptions): Promise<LoggedCommit[]>
  /** Commit id by short branch name. */
  branches(options?: CallOptions): Promise<Record<string, string>>
  /** Object id by full ref name, HEAD left out. */
  refs(options?: CallOptions): Promise<Record<string, string>>
  diff(from: string, to: string, options?: CallOptions): Promise<Difference>
  /** The branch that HEAD names, existing or not. */
  head(options?: CallOptions): Promise<string>
  setHead(branch: string, options?: CallOptions): Promise<void>
  /** What `git fsck --full --strict` has to complain about; empty when all is well. */
  fsck(options?: CallOptions): Promise<string[]>
  /** Installs a hook (`pre-receive`, ...) as a script with a `#!` line, or removes it with `null`. */
  setHook(name: string, script: string | null): Promise<void>
  /** Any other `git` command on this repository. Gives its output. */
  git(args: readonly string[], options?: RunGitOptions): Promise<string>
}

/** How a bare repository is made. */
export interface BareRepositoryOptions {
  /** Where; the folder is created. */
  readonly dir: string
  /** What the first commit holds; without files the repository has no commit. */
  readonly files?: Readonly<Record<string, FileContent>>
  /** What HEAD names and the first commit goes to; `main` by default. */
  readonly branch?: string
  readonly message?: string
  /** Author and committer of all commits that name no other. */
  readonly author?: Identity
}

const developer: Identity = { name: 'Test Developer', email: 'developer@example.com' }

// Commits are dated from 2024-01-01T00:00:00Z in steps of a minute, so that the same calls make the same ids.
const firstCommitTime = Date.UTC(2024, 0, 1) / 1000
const secondsBetweenCommits = 60

const settings = `
[gc]
	auto = 0
[maintenance]
	auto = false
[receive]
	autogc = false
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
`

/**
 * Makes a bare repository with real Git and gives a handle on it. The same calls give the same commit ids:
 * no configuration of user or system is read, identity and dates are fixed. It never packs itself in the
 * background, and serves partial clones and any commit by its id, as hosts do.
 *
 * @example
 * ```ts
 * const files = { 'foo.yaml': 'kind: Car\n' }
 * const remote = await createBareRepository({ dir: tree.path('cars.git'), files })
 * await remote.commit({ files: { 'foo.yaml': 'kind: Motorcycle\n' }, message: 'Change the kind' })
 * expect(await remote.fsck()).toEqual([])
 * ```
 */
export async function createBareRepository(options: BareRepositoryOptions): Promise<BareRepository> {
  const { dir, files = {}, branch = 'main', message = 'Add files', author = developer } = options
  await mkdir(dir, { recursive: true })
  await runGit(['init', '--quiet', '--bare', `--initial-branch=${branch}`, '--template=', '--', dir])
  await appendFile(join(dir, 'config'), settings)
  const repository = openBareRepository({ dir, author })
  if (Object.keys(files).length > 0) await repository.commit({ branch, files, message })
  return repository
}

/** The same handle on a bare repository that exists. */
export function openBareRepository(options: Pick<BareRepositoryOptions, 'dir' | 'author'>): BareRepository {
  const { author: defaultAuthor = developer } = options
  const dir = resolvePath(options.dir)
  let time = firstCommitTime
  const bytes = (args: readonly string[], options?: RunGitOptions): Promise<Buffer> =>
    runGit([`--git-dir=${dir}`, '--no-replace-objects', ...args], options)
  const text = async (args: readonly string[], options?: RunGitOptions): Promise<string> =>
    (await bytes(args, options)).toString()
  const line = async (args: readonly string[], options?: RunGitOptions): Promise<string> =>
    (await text(args, options)).trim()
  /** The commit's id, or undefined where there is none. */
  const resolve = async (ref: string, options?: CallOptions): Promise<string | undefined> => {
    const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${ref}^{commit}`]
    return (await line(args, { ...options, accept: [0, 1] })) || undefined
  }
  const head = (options?: CallOptions): Promise<string> => line(['symbolic-ref', '--short', 'HEAD'], options)

  const write = async (
    request: CommitRequest,
    parent: string | undefined,
    force: boolean,
  ): Promise<string> => {
    const { files = {}, message = 'Change files', author = defaultAuthor, signal } = request
    const ref = `refs/heads/${request.branch ?? (await head({ signal }))}`
    const input = commitStream({ ref, parent, files, message, author, time })
    time += secondsBetweenCommits
    const flags = ['--quiet', '--done', '--date-format=raw', ...(force ? ['--force'] : [])]
    return await line(['fast-import', ...flags], { input, signal })
  }

  const refs = async (options?: CallOptions): Promise<Record<string, string>> => {
    const output = await line(['for-each-ref', '--format=%(refname) %(objectname)'], options)
    return Object.fromEntries(
      output
        .split('\n')
        .filter(Boolean)
        .map((entry) => entry.split(' ')),
    )
  }

  return {
    dir,
    async commit(request) {
      const { branch, from, signal } = request
      const start = branch === undefined ? 'HEAD' : `refs/heads/${branch}`
      const tip = await resolve(start, { signal })
      if (tip !== undefined && from === undefined) return await write(request, tip, false)
      const parent =
        from === undefined ?
          await resolve('HEAD', { signal })
        : await line(['rev-parse', '--verify', '--end-of-options', `${from}^{commit}`], { signal })
      return await write(request, parent, false)
    },
    async forcePush(request) {
      const { branch, from, signal } = request
      const start = from ?? `${branch === undefined ? 'HEAD' : `refs/heads/${branch}`}^`
      return await write(request, await resolve(start, { signal }), true)
    },
    async resetBranch(branch, target, options) {
      const commit = await line(['rev-parse', '--verify', '--end-of-options', `${target}^{commit}`], options)
      await bytes(['update-ref', `refs/heads/${branch}`, commit], options)
      return commit
    },
    deleteBranch: async (branch, options) =>
      void (await bytes(['update-ref', '-d', `refs/heads/${branch}`], options)),
    readFile: (ref, path, options) => text(['cat-file', 'blob', `${ref}:${path}`], options),
    readBytes: (ref, path, options) => bytes(['cat-file', 'blob', `${ref}:${path}`], options),
    async listFiles(ref, options) {
      const output = await text(['ls-tree', '-r', '-z', '--name-only', '--full-tree', ref], options)
      return output.split('\0').filter(Boolean)
    },
    log: async (ref, options) =>
      parseLog(await text(['log', ...logFormat, '--end-of-options', ref], options)),
    async branches(options) {
      const all = Object.entries(await refs(options))
      const prefix = 'refs/heads/'
      return Object.fromEntries(
        all.flatMap(([ref, commit]) => (ref.startsWith(prefix) ? [[ref.slice(prefix.length), commit]] : [])),
      )
    },
    refs,
    async diff(from, to, options) {
      const args = [
        '--no-color',
        '--no-ext-diff',
        '--no-textconv',
        '--no-renames',
        '--end-of-options',
        from,
        to,
      ]
      return {
        text: await text(['diff', '--full-index', ...args], options),
        files: parseChanges(await text(['diff', '--name-status', '-z', ...args], options)),
      }
    },
    head,
    setHead: async (branch, options) =>
      void (await bytes(['symbolic-ref', 'HEAD', `refs/heads/${branch}`], options)),
    async fsck(options) {
      const args = ['fsck', '--full', '--strict', '--no-dangling', '--no-progress']
      try {
        await bytes(args, options)
        return []
      } catch (error) {
        if (!testKitErrors.is(error, 'GIT_FAILED')) throw error
        return `${error.details.stdout}\n${error.details.stderr}`.split('\n').filter(Boolean)
      }
    },
    async setHook(name, script) {
      const file = join(dir, 'hooks', name)
      if (script === null) return await rm(file, { force: true })
      await mkdir(join(dir, 'hooks'), { recursive: true })
      await writeFile(file, script)
      await chmod(file, 0o755)
    },
    git: text,
  }
}
