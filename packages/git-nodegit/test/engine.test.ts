import { spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGitCli } from '@lg/git-cli'
import { createNodeGit } from '@lg/git-nodegit'
import { listDescendants } from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, isBuilt } from './build.ts'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

describe('without nodegit', () => {
  it('says how to get it, and makes nothing', async () => {
    const root = await createFolder()
    const dir = join(root, 'store')
    const error = await failure(createNodeGit({ module: join(root, 'nodegit') }).open({ dir }))
    expect(error).toMatchObject({ code: 'ENGINE_UNAVAILABLE', details: { engine: 'libgit2' } })
    expect(error.message).toContain('nodegit@0.28.0-alpha.36')
    expect(error.message).toContain('libkrb5-dev')
    expect(await readdir(root)).toEqual([])
  })

  it('says why one that is there cannot be loaded, and frees the directory', async () => {
    const root = await createFolder()
    await mkdir(join(root, 'nodegit'))
    await writeFile(join(root, 'nodegit', 'index.js'), 'throw new Error("compiled for another Node")\n')
    const open = (): Promise<unknown> =>
      createNodeGit({ module: join(root, 'nodegit') }).open({ dir: join(root, 'store') })
    for (let time = 0; time < 2; time++) {
      const error = await failure(open())
      expect(error.code).toBe('ENGINE_UNAVAILABLE')
      expect(error.message).toContain('compiled for another Node')
    }
  })
})

describe.skipIf(!isBuilt)('the process of libgit2', () => {
  it('is not reached by what the user configured', async () => {
    const root = await createFolder()
    await createCars(root)
    const home = join(root, 'home')
    await mkdir(home)
    await writeFile(
      join(home, '.gitconfig'),
      '[url "/nowhere/"]\n\tinsteadOf = /\n[core]\n\tbare = nonsense\n',
    )
    const environment = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, GIT_DIR: '/nowhere' }
    const store = await openCars({ root, options: { environment } })
    expect((await store.fetch()).changed).toHaveLength(1)
  })

  it('may be lost: reads go on in another one, and the next calls too', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = await openCars({ root })
    await store.fetch()
    const main = await store.resolve('main')
    const [engine] = enginesOf(store.dir)
    const reads = Promise.all(Array.from({ length: 200 }, () => store.readCommit(main)))
    process.kill(engine ?? 0, 'SIGKILL')
    expect(await reads).toHaveLength(200)
    expect(await store.resolve('main')).toBe(main)
    expect(enginesOf(store.dir)).not.toContain(engine)
  })

  it('ends with its owner', async () => {
    const root = await createFolder()
    const store = await openCars({ root, dir: join(root, 'store') })
    expect(enginesOf(store.dir)).toHaveLength(1)
    await store.close()
    expect(enginesOf(store.dir)).toEqual([])
  })

  it('leaves a store that git and libgit2 take in turn', async () => {
    const root = await createFolder()
    const dir = join(root, 'store')
    const one = await createNodeGit({ module: folder }).open({ dir })
    const oid = await commit(one, [], write('a', '1'))
    await one.updateRef({ ref: 'refs/heads/main', target: oid })
    expect((await failure(createGitCli().open({ dir }))).code).toBe('DIRECTORY_IN_USE')
    await one.close()
    const two = await createGitCli().open({ dir })
    onTestFinished(() => two.close())
    expect(await two.resolve('main')).toBe(oid)
    expect(await commit(two, [], write('a', '1'))).toBe(oid)
    expect(spawnSync('git', ['fsck', '--strict'], { cwd: dir, encoding: 'utf8' }).status).toBe(0)
  })

  it('is ended when a connection hangs and the caller gives up', async () => {
    const root = await createFolder()
    await createCars(root)
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.closeAllConnections())
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const store = await openCars({ root, url: `http://127.0.0.1:${port}/cars.git` })
    const abort = new AbortController()
    const connected = new Promise((resolve) => silent.once('request', resolve))
    const fetching = failure(store.fetch({ signal: abort.signal }))
    await connected
    const reason = new Error('enough')
    abort.abort(reason)
    expect(await fetching).toBe(reason)
    const oid = await commit(store, [], write('a', '1'))
    expect((await store.readCommit(oid)).oid).toBe(oid)
    const closing = failure(store.fetch())
    await new Promise((resolve) => silent.once('request', resolve))
    await store.close()
    expect((await closing).code).toBe('CLOSED')
  })
})

describe.skipIf(!isBuilt)('what libgit2 cannot do', () => {
  const unsupported = (feature: string): object => ({
    code: 'UNSUPPORTED',
    details: { engine: 'libgit2', feature: expect.stringContaining(feature) as unknown },
  })

  it('is refused: depth, filter, gc, shallow stores', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = await openCars({ root })
    await expect(store.fetch({ depth: 1 })).rejects.toMatchObject(unsupported('shallow'))
    await expect(store.gc()).rejects.toMatchObject(unsupported('packing'))
    const git = createNodeGit()
    const partial = git.open({ dir: join(root, 'partial'), filter: 'blob:none' })
    await expect(partial).rejects.toMatchObject(unsupported('partial'))
    await store.close()
    await writeFile(join(store.dir, 'shallow'), `${'1'.repeat(40)}\n`)
    await expect(openCars({ root })).rejects.toMatchObject(unsupported('shallow store'))
  })

  it('is refused: to go past the hooks of a folder, or its setting against deletions', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    await cars.commit({ branch: 'other', files: { x: '1' } })
    const store = await openCars({ root })
    await store.fetch()
    const before = await cars.refs()
    const target = await commit(store, [await store.resolve('main')], write('a', '1'))
    await cars.setHook('pre-receive', '#!/bin/sh\nexit 1\n')
    const pushing = store.push([{ ref: 'refs/heads/main', target }])
    await expect(pushing).rejects.toMatchObject(unsupported('pre-receive hook'))
    await cars.setHook('pre-receive', null)
    await cars.git(['config', 'receive.denyDeletes', 'true'])
    const deleting = store.push([{ ref: 'refs/heads/other', target: null }])
    await expect(deleting).rejects.toMatchObject(unsupported('receive.denyDeletes'))
    expect(await cars.refs()).toEqual(before)
  })

  it('leaves nothing but the pushed ref in a folder, and overwrites nobody', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const stores = await Promise.all(
      ['one', 'two', 'three', 'four'].map((name) => openCars({ root, dir: join(root, name) })),
    )
    await Promise.all(stores.map((store) => store.fetch()))
    const targets = await Promise.all(
      stores.map(async (store, index) =>
        commit(store, [await store.resolve('main')], write('a', `${index}`)),
      ),
    )
    const results = await Promise.allSettled(
      stores.map((store, index) => store.push([{ ref: 'refs/heads/main', target: targets[index] ?? '' }])),
    )
    const won = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [targets[index]] : []))
    expect(await cars.refs()).toEqual({ 'refs/heads/main': won[0] })
    expect(won).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'REF_CHANGED' })
  })
})

/** Process ids of the engines that have this store open. */
function enginesOf(dir: string): readonly number[] {
  const engines = listDescendants().filter(({ args }) => args.some((arg) => arg.endsWith('/engine/main.mjs')))
  return engines.map(({ pid }) => pid).filter((pid) => readlinkSync(`/proc/${pid}/cwd`) === dir)
}
