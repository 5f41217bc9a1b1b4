import { createAppRunner } from '@lg/app-tests'
import { createTree } from '@lg/test-kit'
import { readdir } from 'node:fs/promises'
import { expect, it } from 'vitest'

const demo = createAppRunner(new URL('../dist/demo.js', import.meta.url))

it('prints what to try next, each line of which works, and leaves nothing behind', async () => {
  const tree = await createTree()
  const app = await demo.start([], { TMPDIR: tree.dir })
  await app.line(/Ctrl-C/)
  const commands = app.output().match(/^ +curl .*$/gm) ?? []
  expect(commands).toHaveLength(4)

  const answers: string[] = []
  for (const command of commands) {
    const [, method = 'GET', url = ''] = /curl (?:-X (\w+) )?(\S+)/.exec(command) ?? []
    const { status, text } = await app.send(method, url.replace(app.url, ''))
    expect(status, command).toBe(200)
    answers.push(text)
  }
  const [listed, changed, shown, merged] = answers
  expect(listed).toContain('"name": "comet"')
  expect(changed).toContain(`${app.url}/pulls/1`)
  expect(shown).toContain('+  speed: ')
  expect(merged).toContain('"outcome": "merged"')
  await app.line(/default\/foo modified/)

  expect(await app.stop()).toBe(0)
  expect(await readdir(tree.dir)).toEqual([])
  await tree.close()
})
