import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createBareRepository,
  createGitHttpServer,
  createGitSpy,
  createTree,
  findProgram,
  listDescendants,
  watchProcesses,
} from '../src/index.ts'
import type { Tree } from '../src/index.ts'
import { git, run } from './client.ts'

let tree: Tree
beforeEach(async () => {
  tree = await createTree()
})
afterEach(() => tree.close())

describe('watchProcesses', () => {
  test('sees short-lived children with their arguments and environments', async () => {
    const { result, text, processes } = await watchProcesses(async () => {
      for (let index = 0; index < 20; index += 1)
        await run('true', [`argument-${index}`], { TOKEN: `value-${index}` })
      return 'done'
    })
    expect(result).toBe('done')
    for (let index = 0; index < 20; index += 1) {
      expect(text).toContain(`argument-${index}`)
      expect(text).toContain(`value-${index}`)
    }
    expect(processes.find(({ args }) => args[1] === 'argument-3')).toMatchObject({
      parent: process.pid,
      environment: { TOKEN: 'value-3' },
    })
  })

  test('sees what git starts itself', async () => {
    await createBareRepository({ dir: tree.path('cars.git'), files: { a: '1' } })
    const server = await createGitHttpServer({ root: tree.dir })
    const { text } = await watchProcesses(() =>
      git(['ls-remote', server.url('cars.git').replace('://', '://me:shown@')]),
    )
    expect(text).toContain('remote-http')
    expect(text).toContain('shown')
    await server.close()
  })

  test('passes on what the body rejects with', async () => {
    const reason = new Error('no')
    await expect(watchProcesses(() => Promise.reject(reason))).rejects.toBe(reason)
  })
})

test('listDescendants finds grandchildren', async () => {
  const child = spawn('sh', ['-c', "sh -c 'echo started; read line' grandchild; true"], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  const found = listDescendants().find(({ args }) => args.at(-1) === 'grandchild')
  expect(found?.parent).toBe(child.pid)
  child.stdin.end()
  await once(child, 'close')
  expect(listDescendants().map(({ pid }) => pid)).not.toContain(child.pid)
})

describe('createGitSpy', () => {
  test('writes down each call and is the real git', async () => {
    const spy = await createGitSpy()
    const odd = ["it's", '', 'two\nlines', '$(id)']
    expect((await run(spy.binary, ['--version'])).stdout).toMatch(/^git version/)
    expect((await run(spy.binary, ['rev-parse', '--sq-quote', ...odd], { SECRET: 'a=b\nc' })).exitCode).toBe(
      0,
    )
    expect((await run('git', [], { PATH: spy.dir + ':' + process.env['PATH'] })).exitCode).toBe(1)
    expect((await run('git', ['nonsense'], { PATH: spy.dir + ':' + process.env['PATH'] })).exitCode).toBe(1)
    const records = await spy.records()
    expect(records.map(({ args }) => args)).toEqual([
      ['--version'],
      ['rev-parse', '--sq-quote', ...odd],
      [],
      ['nonsense'],
    ])
    expect(records[1]?.environment).toMatchObject({ SECRET: 'a=b\nc', LC_ALL: 'C' })
    expect(await spy.text()).toContain('nonsense')
    await spy.close()
  })

  test('many calls at once', async () => {
    const spy = await createGitSpy()
    await Promise.all(Array.from({ length: 20 }, (_, index) => run(spy.binary, ['--version', `--x${index}`])))
    expect(new Set((await spy.records()).map(({ args }) => args[1])).size).toBe(20)
    await spy.close()
  })
})

test('findProgram looks along the PATH', async () => {
  expect(await findProgram('git')).toMatch(/^\/.*\/git$/)
  expect(await findProgram('no-such-program')).toBeUndefined()
})
