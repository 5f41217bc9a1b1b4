import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTemporaryFolder } from '@lg/git/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(await realpath(tmpdir()), 'git-test-'))
})
afterEach(() => rm(parent, { recursive: true, force: true }))

const options = () => ({ parent, prefix: 'lg-', engine: 'git' })

/** Another process that listens in a folder as its owner, until it is killed. */
const other = `
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
const [folder] = process.argv.slice(1)
mkdirSync(folder)
createServer().listen(folder + '/owner', () => console.log('ready'))
`

describe('a temporary folder', () => {
  it('is private, and gone after its removal', async () => {
    const folder = await createTemporaryFolder(options())
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700)
    await writeFile(join(folder.path, 'file'), '')
    await folder.remove()
    expect(await readdir(parent)).toEqual([])
  })

  it('that a killed process left is removed by the next one, and none of a living one', async () => {
    const leftover = join(parent, 'lg-other')
    const child = spawn(process.execPath, ['--input-type=module', '-e', other, leftover], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(createInterface({ input: child.stdout }), 'line')
    await writeFile(join(leftover, 'file'), '')
    const first = await createTemporaryFolder(options())
    expect(await readdir(parent)).toContain('lg-other')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const second = await createTemporaryFolder(options())
    expect((await readdir(parent)).map((name) => join(parent, name)).sort()).toEqual(
      [first.path, second.path].sort(),
    )
    await first.remove()
    await second.remove()
  })

  it('leaves alone what only has a name like its own', async () => {
    await mkdir(join(parent, 'lg-thesis'))
    await writeFile(join(parent, 'lg-thesis', 'owner'), 'me')
    await mkdir(join(parent, 'lg-empty'))
    await (await createTemporaryFolder(options())).remove()
    expect((await readdir(parent)).sort()).toEqual(['lg-empty', 'lg-thesis'])
  })

  it('is made by many at once', async () => {
    const folders = await Promise.all(Array.from({ length: 20 }, () => createTemporaryFolder(options())))
    expect(await readdir(parent)).toHaveLength(20)
    await Promise.all(folders.map(({ remove }) => remove()))
    expect(await readdir(parent)).toEqual([])
  })

  it('is unmarked where the path is too long for a socket', async () => {
    const deep = join(parent, 'x'.repeat(120))
    await mkdir(deep)
    const folder = await createTemporaryFolder({ ...options(), parent: deep })
    expect(await readdir(folder.path)).toEqual([])
    await folder.remove()
    expect(await readdir(deep)).toEqual([])
  })

  it('that cannot be made is a coded error that names the place', async () => {
    const missing = join(parent, 'nowhere')
    await expect(createTemporaryFolder({ ...options(), parent: missing })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining(missing),
    })
  })
})
