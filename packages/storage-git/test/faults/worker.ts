// One process of the faults harness: a storage with a clone of its own, told what to do line by line.
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createHttpsCredentials, createSshCredentials, parseRepositoryReference } from '@lg/git'
import { createGitCli } from '@lg/git-cli'
import { createGitDirectory } from '@lg/gitdir'
import { createLocalProvider } from '@lg/pr-local'
import {
  createScheme,
  isLgError,
  objectKey,
  systemClock,
  type Clock,
  type KubernetesObject,
} from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { createGitStorage } from '../../src/index.ts'
import { countedScheme, manyObjects } from './counted.ts'
import { createKiller } from './kill-points.ts'
import type { WorkerOptions } from './worker-options.ts'

const options = JSON.parse(process.env['LG_FAULTS_WORKER'] ?? '{}') as WorkerOptions
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** A time of day that jumps by up to a day each way whenever it is asked for. */
const jumping: Clock = {
  ...systemClock,
  now: () => systemClock.now() + Math.round((Math.random() - 0.5) * 172_800_000),
}
const clock = options.clockJumps ? jumping : systemClock
const auth =
  options.ssh === undefined ?
    createHttpsCredentials({ username: 'bot', password: options.token })
  : createSshCredentials({ key: { type: 'file', path: options.ssh.key }, knownHosts: options.ssh.knownHosts })
const killAt = createKiller(options.killPoint)
const gitDirectory = createGitDirectory({
  git: createGitCli({ onStep: killAt('git-cli') }),
  repository: parseRepositoryReference(options.url),
  auth,
  dir: options.dir,
  interval: 600_000,
  timeout: 20_000,
  clock,
  onStep: killAt('gitdir'),
})
const storage = createGitStorage({
  gitDirectory,
  serializer: createSerializer({ scheme: countedScheme(createScheme()) }),
  pullRequests: createLocalProvider({
    git: () => gitDirectory.repository,
    identity: { name: 'lg', email: 'lg@localhost' },
  }),
  pathTemplate: 'done/{name}.yaml',
  clock,
  onStep: killAt('storage-git'),
})

const done = (name: string): KubernetesObject => ({
  apiVersion: 'example.org/v1',
  kind: 'Done',
  metadata: { name },
})

/** Adds one object, and may count it, in one commit. */
async function work(id: string, counts: boolean): Promise<void> {
  await storage.transaction('work-', async (tx) => {
    await tx.create(done(id))
    if (counts) {
      const key = objectKey({ group: 'example.org', kind: 'Counter', namespace: 'default', name: 'all' })
      const counter = await tx.get<KubernetesObject & { value: number }>(key)
      counter.value += 1
      await tx.update(counter)
    }
    return { target: 'base', title: id }
  })
}

/** Adds many objects on a branch, in one commit. */
async function propose(branch: string, target: 'branch' | 'pullRequest'): Promise<void> {
  await storage.transaction(branch, async (tx) => {
    for (let index = 0; index < manyObjects; index++)
      await tx.create(done(`${branch}-${index}`), { path: `many/${branch}-${index}.yaml` })
    return { target, title: `Many on ${branch}` }
  })
}

/** All that a storage does to disk and remote, once at least. */
async function tour(id: string): Promise<void> {
  await attempt(id, true)
  await propose(`branch-${id}`, 'branch')
  await propose(`pull-${id}`, 'pullRequest')
  await storage.sync()
  await gitDirectory.gc()
}

/** What is laid out of the head, against what should be. */
async function wrongFiles(): Promise<readonly string[]> {
  await storage.sync()
  const { repository, worktree = '' } = gitDirectory
  const wanted = await repository.listTree(storage.commit)
  const wrong = await Promise.all(
    wanted.map(async ({ path, oid }) => {
      const bytes = await readFile(join(worktree, path)).catch(() => undefined)
      return bytes !== undefined && repository.hashBlob(bytes) === oid ? [] : [path]
    }),
  )
  return wrong.flat()
}

async function attempt(id: string, counts: boolean): Promise<void> {
  try {
    await work(id, counts)
    say(`done ${id}`)
  } catch (error) {
    say(`failed ${id} ${isLgError(error) ? error.code : `UNCODED ${String(error)}`}`)
  }
}

const ballast = join(options.dir, 'ballast')
function fillDisk(): void {
  const file = openSync(ballast, 'w')
  try {
    for (;;)
      writeSync(file, Buffer.alloc(Math.max(1, Math.min(65_536, statfsSync(options.dir).bavail * 4096))))
  } catch {
    say('full')
  } finally {
    closeSync(file)
  }
}

for (let turn = 0; ; turn++) {
  try {
    await storage.start()
    break
  } catch (error) {
    // What the process before it had started may still be at work in the clone.
    if (!isLgError(error, 'DIRECTORY_IN_USE') || turn === 200) throw error
    await systemClock.sleep(100)
  }
}
say('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [verb = '', id = '', rest = ''] = line.split(' ')
  if (verb === 'work') await attempt(id, id.startsWith('w'))
  else if (verb === 'tour') {
    await tour(id)
    break
  } else if (verb === 'propose') {
    await propose(`branch-${id}`, 'branch')
    say(`proposed ${id}`)
  } else if (verb === 'burst') {
    const names = Array.from({ length: Number(rest) }, (_, index) => `${id}-${index}`)
    await Promise.all(names.map((name) => attempt(name, id.startsWith('w'))))
    say(`done-all ${id}`)
  } else if (verb === 'look') {
    say(`looked ${(await wrongFiles()).join(' ')}`)
  } else if (verb === 'fill') fillDisk()
  else if (verb === 'free') {
    rmSync(ballast, { force: true })
    say('freed')
  } else if (verb === 'sync') {
    await storage.sync()
    say(`synced ${storage.commit} ${(await storage.list({ group: 'example.org', kind: 'Done' })).length}`)
  } else if (verb === 'quit') break
}
await storage.close()
await gitDirectory.close()
say('closed')
process.stdin.destroy()
