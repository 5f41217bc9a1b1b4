import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

/** Another process that owns the store, and starts a child that inherits its lock and outlives it. */
const owner = `
import { execFileSync, spawn } from 'node:child_process'
import { constants, mkdirSync, openSync, renameSync } from 'node:fs'
const [claims] = process.argv.slice(1)
mkdirSync(claims, { recursive: true })
execFileSync('mkfifo', [claims + '/.x'])
const fd = openSync(claims + '/.x', constants.O_RDONLY | constants.O_NONBLOCK)
renameSync(claims + '/.x', claims + '/' + process.pid + '-0000')
const orphan = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd], detached: true })
orphan.unref()
console.log(orphan.pid)
setInterval(() => {}, 1000)
`

describe('a directory', () => {
  it('belongs to its owner until the last orphan of the owner has ended', async () => {
    const root = await createFolder()
    await createCars(root)
    const first = await openCars({ root })
    await first.close()
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', owner, join(root, 'store/lg/claims')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const orphan = Number(line)
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const held = await failure(openCars({ root }))
    expect(held).toMatchObject({
      code: 'DIRECTORY_IN_USE',
      details: { dir: join(root, 'store'), pid: child.pid },
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect((await failure(openCars({ root }))).code).toBe('DIRECTORY_IN_USE')
    process.kill(orphan, 'SIGKILL')
    const freed = await eventually(() => openCars({ root }))
    expect(await readdir(join(root, 'store/lg/claims'))).toHaveLength(1)
    await freed.close()
    expect(await readdir(join(root, 'store/lg/claims'))).toEqual([])
  })

  it('goes to one of many that come at once', async () => {
    const root = await createFolder()
    await createCars(root)
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => openCars({ root })))
    const opened = results.filter((result) => result.status === 'fulfilled')
    expect(opened.length).toBeLessThanOrEqual(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'DIRECTORY_IN_USE' })
    }
    for (const { value } of opened) await value.close()
    await (await openCars({ root })).close()
  })

  it('is given back when it could not be opened', async () => {
    const root = await createFolder()
    await createCars(root)
    const tempDir = join(root, 'no such folder')
    const error = await failure(openCars({ root, options: { tempDir } }))
    expect(error).toMatchObject({ code: 'ENGINE_UNAVAILABLE', details: { engine: 'git' } })
    expect(error.message).toContain(tempDir)
    await openCars({ root })
  })

  it('is swept of what a killed owner left behind', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = join(root, 'store')
    const first = await openCars({ root })
    await first.fetch()
    const base = await first.resolve('main')
    const target = await commit(first, [base], write('cars/a.yaml', 'speed: 3\n'))
    await first.updateRef({ ref: 'refs/heads/two', target })
    await first.updateRef({ ref: 'refs/lg/tx/1', target })
    await first.close()
    await mkdir(join(store, 'objects/tmp_objdir-incoming-x'))
    const litter = [
      'config.lock',
      'packed-refs.lock',
      'HEAD.lock',
      'shallow.lock',
      'refs/heads/two.lock',
      'refs/remotes/origin/main.lock',
      'objects/pack/tmp_pack_x',
      'objects/pack/tmp_idx_x',
      'objects/pack/.tmp-1-pack-x.pack',
      'objects/tmp_obj_x',
      'objects/tmp_objdir-incoming-x/pack',
      `objects/${target.slice(0, 2)}/tmp_obj_x`,
      'fast_import_crash_1',
      'lg/store.json.new',
    ]
    for (const path of litter) await writeFile(join(store, path), '')
    const second = await openCars({ root })
    const left = await readdir(store, { recursive: true })
    expect(litter.filter((path) => left.includes(path))).toEqual([])
    expect((await second.listRefs('refs/lg/')).size).toBe(0)
    expect(await second.resolve('refs/heads/two')).toBe(target)
    await second.updateRef({ ref: 'refs/heads/two', target: null, expected: target })
    await second.fetch()
  })

  it('is made to its end when the first owner was killed while making it', async () => {
    const root = await createFolder()
    await createCars(root)
    const store = join(root, 'store')
    await mkdir(join(store, 'lg/claims'), { recursive: true })
    await (await openCars({ root })).close()
    const half = join(root, 'half')
    const made = await openCars({ root, dir: half })
    await made.close()
    await writeFile(join(half, 'config'), '[core')
    await rm(join(half, 'HEAD'))
    expect((await (await openCars({ root, dir: half })).fetch()).changed).toHaveLength(1)
  })
})

/** The kernel may take a moment to end a killed process. */
async function eventually<Value>(attempt: () => Promise<Value>): Promise<Value> {
  const deadline = Date.now() + 10_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
  }
}
