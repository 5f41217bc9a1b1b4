import { createGitSpy, createTree, type Tree } from '@lg/test-kit'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runApp, startApp } from './app.ts'
import { createGarage, token, type Garage } from './garage.ts'

let garage: Garage
let scratch: Tree

beforeEach(async () => {
  garage = await createGarage()
  scratch = await createTree({})
})
afterEach(async () => {
  await garage.close()
  await scratch.close()
})

it('shows the token in no answer, log, argument list, environment of a child, or file that stays', async () => {
  const spy = await createGitSpy()
  const env = { ...garage.env, TMPDIR: scratch.path('.'), PATH: `${spy.dir}:${process.env['PATH'] ?? ''}` }
  const app = await startApp(garage.args, env)
  const answers = [
    await app.get('/git/'),
    await app.send('PUT', '/git/foo'),
    await app.get('/pulls'),
    await app.send('POST', '/pulls/1/merge'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  await garage.server.setFault({ type: 'status', status: 500 }, { times: 2 })
  answers.push(await app.send('PUT', '/git/bolt'))
  const children = await spy.records()
  expect(await app.stop()).toBe(0)
  const failed = await runApp(garage.args, { ...env, LG_TOKEN: `${token}-expired` })

  expect(children.length).toBeGreaterThan(3)
  const basic = Buffer.from(`bot:${token}`).toString('base64')
  const seen = {
    answers: JSON.stringify(answers),
    log: app.output() + failed.stdout + failed.stderr,
    children: JSON.stringify(children),
    files: (await filesBelow(scratch.path('.'))).join('\n'),
  }
  for (const [place, text] of Object.entries(seen)) {
    for (const secret of [token, basic])
      expect(text.includes(secret), `the token shows in: ${place}`).toBe(false)
  }
})

/** Name and content of every file. */
async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (file) => `${file}\n${await readFile(file, 'latin1')}`))
}
