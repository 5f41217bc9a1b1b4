import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGitCli } from '@lg/git-cli'
import { createBareRepository } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

/** A program that leaves a trace when anything runs it. */
async function createTrap(root: string): Promise<{ readonly path: string; sprung(): Promise<boolean> }> {
  const path = join(root, 'trap.sh')
  const trace = join(root, 'sprung')
  await writeFile(path, `#!/bin/sh\ntouch '${trace}'\nexec "$@"\n`)
  await chmod(path, 0o755)
  return {
    path,
    sprung: () =>
      stat(trace).then(
        () => true,
        () => false,
      ),
  }
}

describe('the environment and the user', () => {
  it('have no say', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const trap = await createTrap(root)
    const home = join(root, 'home')
    await mkdir(join(home, 'hooks'), { recursive: true })
    await writeFile(join(home, 'hooks', 'reference-transaction'), `#!/bin/sh\nexec ${trap.path} true\n`, {
      mode: 0o755,
    })
    await writeFile(
      join(home, '.gitconfig'),
      [
        `[core]\n hooksPath = ${home}/hooks\n fsmonitor = ${trap.path}\n sshCommand = ${trap.path}`,
        `[credential]\n helper = ${trap.path}`,
        `[url "/nowhere/"]\n insteadOf = ${root}/`,
        `[uploadpack]\n packObjectsHook = ${trap.path}`,
        `[fetch]\n fsckObjects = true\n prune = false`,
        `[push]\n gpgSign = true`,
        `[alias]\n fetch = !${trap.path}`,
      ].join('\n'),
    )
    const hostile = {
      HOME: home,
      XDG_CONFIG_HOME: home,
      GIT_DIR: '/nowhere',
      GIT_WORK_TREE: '/nowhere',
      GIT_INDEX_FILE: '/nowhere/index',
      GIT_OBJECT_DIRECTORY: '/nowhere/objects',
      GIT_ALTERNATE_OBJECT_DIRECTORIES: '/nowhere/objects',
      GIT_NAMESPACE: 'nowhere',
      GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: join(home, 'hooks'),
      GIT_CONFIG_PARAMETERS: `'core.hookspath=${home}/hooks'`,
      GIT_SSH_COMMAND: trap.path,
      GIT_ASKPASS: trap.path,
      SSH_ASKPASS: trap.path,
      GIT_EXTERNAL_DIFF: trap.path,
      GIT_PROXY_COMMAND: trap.path,
      GIT_TRACE: join(root, 'trace'),
      GIT_TEMPLATE_DIR: home,
      GIT_DEFAULT_HASH: 'sha256',
      GIT_EXEC_PATH: '/nowhere',
      LANGUAGE: 'de',
      LC_ALL: 'de_DE.UTF-8',
      NODE_OPTIONS: `--require ${trap.path}`,
      BASH_ENV: trap.path,
      ENV: trap.path,
      PATH: process.env['PATH'],
    }
    const store = await openCars({ root, options: { environment: hostile } })
    expect((await store.fetch()).changed).toHaveLength(1)
    const target = await commit(store, [await store.resolve('main')], write('cars/a.yaml', 'speed: 3\n'))
    await store.push([{ ref: 'refs/heads/two', target }])
    await store.updateRef({ ref: 'refs/heads/x', target })
    expect((await cars.branches())['two']).toBe(target)
    expect(
      (await failure(store.push([{ ref: 'refs/heads/main', target: await commit(store, []) }]))).code,
    ).toBe('REF_CHANGED')
    expect(await trap.sprung()).toBe(false)
    expect(await readdir(root)).not.toContain('trace')
  })
})

describe('a store that somebody prepared', () => {
  it('neither runs nor borrows anything', async () => {
    const root = await createFolder()
    await createCars(root)
    const trap = await createTrap(root)
    const store = join(root, 'store')
    const first = await openCars({ root })
    await first.fetch()
    const base = await first.resolve('main')
    const other = await commit(first, [], write('evil', 'x'))
    await first.close()

    const stranger = await createBareRepository({ dir: join(root, 'stranger.git'), files: { secret: 'x' } })
    await mkdir(join(store, 'hooks'))
    for (const hook of ['reference-transaction', 'pre-push', 'post-update', 'push-to-checkout']) {
      await writeFile(join(store, 'hooks', hook), `#!/bin/sh\nexec ${trap.path} true\n`, { mode: 0o755 })
    }
    await writeFile(join(root, 'included'), `[core]\n hooksPath = ${store}/hooks\n`)
    await writeFile(
      join(store, 'config'),
      [
        '[core]\n repositoryformatversion = 1\n bare = true',
        `[extensions]\n worktreeConfig = true`,
        `[core]\n fsmonitor = ${trap.path}\n sshCommand = ${trap.path}\n gitProxy = ${trap.path}\n alternateRefsCommand = ${trap.path}`,
        `[remote "origin"]\n url = ${root}/cars.git\n uploadpack = ${trap.path} git-upload-pack\n receivepack = ${trap.path} git-receive-pack`,
        `[remote "${root}/cars.git"]\n uploadpack = ${trap.path} git-upload-pack\n receivepack = ${trap.path} git-receive-pack`,
        `[include]\n path = ${root}/included`,
        `[credential]\n helper = ${trap.path}`,
        `[url "${root}/stranger.git"]\n insteadOf = ${root}/cars.git`,
      ].join('\n'),
    )
    await writeFile(join(store, 'config.worktree'), `[core]\n hooksPath = ${store}/hooks\n`)
    await mkdir(join(store, 'objects/info'), { recursive: true })
    await writeFile(join(store, 'objects/info/alternates'), `${stranger.dir}/objects\n`)
    await mkdir(join(store, 'info'))
    await writeFile(join(store, 'info/grafts'), `${base}\n`)
    await mkdir(join(store, 'refs/replace'), { recursive: true })
    await writeFile(join(store, 'refs/replace', base), `${other}\n`)
    await writeFile(join(store, 'commondir'), `${stranger.dir}\n`)

    const second = await openCars({ root })
    expect((await second.fetch()).changed).toEqual([])
    expect((await second.listTree(base)).map(({ path }) => path)).toEqual(['cars/a.yaml', 'cars/b.yaml'])
    const history: string[] = []
    for await (const { oid } of second.log(base)) history.push(oid)
    expect(history).toHaveLength(2)
    const target = await commit(second, [base], write('cars/a.yaml', 'speed: 3\n'))
    await second.push([{ ref: 'refs/heads/two', target }])
    await second.updateRef({ ref: 'refs/heads/x', target })
    const foreign = execFileSync('git', ['-C', stranger.dir, 'rev-parse', 'main'], {
      encoding: 'utf8',
    }).trim()
    expect((await failure(second.readCommit(foreign))).code).toBe('OBJECT_NOT_FOUND')
    expect(await trap.sprung()).toBe(false)
    expect(await readFile(join(store, 'config'), 'utf8')).not.toContain(trap.path)
  })
})

describe('open', () => {
  it('refuses a folder with other things in it, and leaves them alone', async () => {
    const root = await createFolder()
    await createCars(root)
    const dir = join(root, 'mine')
    await mkdir(dir)
    await writeFile(join(dir, 'thesis.txt'), 'mine')
    expect((await failure(openCars({ root, dir }))).code).toBe('DIRECTORY_NOT_OURS')
    expect((await failure(openCars({ root, dir: join(dir, 'thesis.txt') }))).code).toBe('DIRECTORY_NOT_OURS')
    expect((await failure(createGitCli().open({ dir: 'relative' }))).code).toBe('DIRECTORY_NOT_OURS')
    expect(await readdir(dir)).toEqual(['thesis.txt'])
    const bare = await createBareRepository({ dir: join(root, 'bare.git'), files: { a: '1' } })
    expect((await failure(openCars({ root, dir: bare.dir }))).code).toBe('DIRECTORY_NOT_OURS')
  })

  it('opens a repository of somebody else on request, and leaves its configuration alone', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const before = await readFile(join(cars.dir, 'config'), 'utf8')
    const store = await createGitCli().open({ dir: cars.dir, foreign: true })
    try {
      const main = await store.resolve('main')
      expect(main).toBe((await cars.branches())['main'])
      const target = await commit(store, [main], write('cars/c.yaml', 'speed: 3\n'))
      await store.updateRef({ ref: 'refs/heads/main', target, expected: main })
    } finally {
      await store.close()
    }
    expect(await cars.listFiles('main')).toContain('cars/c.yaml')
    expect(await cars.fsck()).toEqual([])
    expect(await readFile(join(cars.dir, 'config'), 'utf8')).toBe(before)
    expect((await failure(createGitCli().open({ dir: root, foreign: true }))).code).toBe('DIRECTORY_NOT_OURS')
  })

  it('says so when git is missing or too old', async () => {
    const root = await createFolder()
    await createCars(root)
    const missing = await failure(openCars({ root, options: { git: join(root, 'no-git') } }))
    expect(missing).toMatchObject({ code: 'ENGINE_UNAVAILABLE', details: { engine: join(root, 'no-git') } })
    const old = join(root, 'old-git')
    await writeFile(old, '#!/bin/sh\necho git version 2.30.2\n', { mode: 0o755 })
    const tooOld = await failure(openCars({ root, options: { git: old } }))
    expect(tooOld).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      details: { reason: 'version 2.30.2 is too old' },
    })
  })
})
