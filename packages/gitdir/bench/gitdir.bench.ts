import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareMilliseconds, formatMilliseconds, type BenchRow } from '@lg/bench'
import { parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createGitDirectory } from '@lg/gitdir'

const count = 10_000

/** A directory in step with its remote, against a clone that a script keeps so. */
export async function run(): Promise<BenchRow[]> {
  const root = await mkdtemp(join(tmpdir(), 'gitdir-bench-'))
  try {
    const remote = join(root, 'remote.git')
    await git(root, ['init', '--quiet', '--bare', '--initial-branch=main', remote])
    await push(
      remote,
      Array.from({ length: count }, (_, index) => index),
    )
    return [await follow(root, remote, true), await follow(root, remote, false)]
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function follow(root: string, remote: string, worktree: boolean): Promise<BenchRow> {
  const directory = createGitDirectory({
    git: createGitCli(),
    repository: parseRepositoryReference(remote),
    dir: join(root, `directory-${worktree}`),
    worktree,
  })
  await directory.start()
  try {
    const clone = join(root, `clone-${worktree}`)
    await git(root, ['clone', '--quiet', ...(worktree ? [] : ['--bare']), remote, clone])
    const refspec = '+refs/heads/main:refs/remotes/origin/main'
    const script = [
      ['fetch', '--quiet', 'origin', refspec],
      ...(worktree ? [['reset', '--quiet', '--hard', 'origin/main']] : []),
    ]
    const { ours, theirs } = await compareMilliseconds(
      () => directory.pull(),
      async () => {
        for (const args of script) await git(clone, args)
      },
      { times: 9, before: (round) => push(remote, [round * 7]) },
    )
    return {
      name: `follow a commit that changed one of 10,000 files, ${worktree ? 'files laid out' : 'objects only'}`,
      figure: formatMilliseconds(ours),
      reference: `git fetch${worktree ? ', git reset --hard' : ''}: ${formatMilliseconds(theirs)}`,
      ratio: ours / theirs,
      aim: worktree ? 2 : 1.5,
    }
  } finally {
    await directory.close()
  }
}

let speed = 0

/** A commit that changes these cars. */
function push(remote: string, indexes: readonly number[]): Promise<void> {
  const files = indexes.map((index) => {
    const text = `apiVersion: sample/v1\nkind: Car\nmetadata:\n  name: car-${index}\nstatus:\n  speed: ${speed++}\n`
    return `M 100644 inline cars/${index % 100}/car-${index}.yaml\ndata ${text.length}\n${text}\n`
  })
  const from = indexes.length === 1 ? 'from refs/heads/main^0\n' : ''
  const head = 'commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 3\nOne\n'
  return git(remote, ['fast-import', '--quiet', '--force'], `${head}${from}${files.join('')}\n`)
}

function git(dir: string, args: readonly string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', dir, ...args], { stdio: ['pipe', 'ignore', 'inherit'] })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`git ${args[0]}: ${code}`))))
    // A process that ends without reading is judged by its status.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
