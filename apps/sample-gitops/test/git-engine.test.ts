import { createBareRepository, createGitSshServer, createSshKeyPair, createTree } from '@lg/test-kit'
import type { Tree } from '@lg/test-kit'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFiles } from '../src/demo-files.ts'
import { runApp, startApp } from './app.ts'

const script = fileURLToPath(new URL('../../../scripts/nodegit-build.mjs', import.meta.url))
const nodegit = execFileSync(process.execPath, [script, '--where'], { encoding: 'utf8' }).trim()

describe('--git-engine', () => {
  let tree: Tree
  beforeAll(async () => {
    tree = await createTree({})
  })
  afterAll(() => tree.close())

  it('is cli or nodegit', async () => {
    const exit = await runApp(['--git-url', '/srv/cars.git', '--git-engine', 'other'])
    expect(exit.code).toBe(2)
    expect(exit.stderr).toContain('--git-engine must be cli or nodegit')
  })

  it('says how nodegit is had where it is not', async () => {
    const { dir } = await createBareRepository({ dir: tree.path('missing.git'), files: demoFiles })
    const args = ['--git-url', dir, '--git-engine', 'nodegit']
    const exit = await runApp(args, { LG_NODEGIT: tree.path('nowhere') })
    expect(exit.code).toBe(1)
    expect(exit.stderr).toContain('nodegit@0.28.0-alpha.36')
  })

  it.skipIf(!existsSync(nodegit))('does the main job with nodegit, over SSH', async () => {
    const remote = await createBareRepository({ dir: tree.path('repositories/cars.git'), files: demoFiles })
    const key = await createSshKeyPair()
    const server = await createGitSshServer({ root: tree.path('repositories'), authorizedKeys: [key] })
    await writeFile(tree.path('known_hosts'), server.knownHosts())
    const ssh = [
      '--identity-file',
      await key.save(tree.path('id')),
      '--known-hosts',
      tree.path('known_hosts'),
    ]
    const args = [
      '--git-url',
      server.url('cars.git'),
      ...ssh,
      '--provider',
      'local',
      '--git-engine',
      'nodegit',
    ]
    const app = await startApp(args, { LG_NODEGIT: nodegit })
    try {
      expect((await app.get('/git/')).json).toHaveLength(3)
      const { json } = await app.send('PUT', '/git/foo')
      expect((await remote.diff('main', json.branch)).files).toHaveLength(1)
      expect((await app.get(`/pulls/${json.pullRequest.number}`)).json.head).toBe(json.branch)
      await app.send('POST', `/pulls/${json.pullRequest.number}/merge`)
      expect((await remote.log('main')).length).toBeGreaterThan(1)
    } finally {
      expect(await app.stop()).toBe(0)
      await server.close()
    }
  })
})
