#!/usr/bin/env node
import { randomHex, systemRandom } from '@lg/runtime'
import { currentProcess, runSample } from '@lg/sample-api'
import { createBareRepository, createGitHttpServer } from '@lg/test-kit'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleGitOps } from './command.ts'
import { demoFiles } from './demo-files.ts'

/** Runs the app on a remote of its own, with a few cars in it, until Ctrl-C. */
async function demo(): Promise<number> {
  const current = currentProcess()
  const root = await mkdtemp(join(tmpdir(), 'lg-demo-'))
  const token = randomHex(systemRandom, 16)
  const remote = await createGitHttpServer({ root, accounts: [{ user: 'demo', token }] })
  try {
    await createBareRepository({ dir: join(root, 'cars.git'), files: demoFiles, message: 'Fill the garage' })
    return await runSample(sampleGitOps, {
      ...current,
      args: ['--git-url', remote.url('cars.git'), '--provider', 'local', ...current.args],
      env: { ...current.env, LG_TOKEN: token, LG_USERNAME: 'demo' },
      listening: (url) => current.stdout(nextSteps(url)),
    })
  } finally {
    await remote.close()
    await rm(root, { recursive: true, force: true })
  }
}

function nextSteps(url: string): string {
  return `
Try, in another terminal:

  curl ${url}/git/                             # list the cars
  curl -X PUT ${url}/git/foo                   # drive one on: a branch, a commit, a pull request
  curl ${url}/pulls/1                          # see the pull request and its diff
  curl -X POST ${url}/pulls/1/merge            # merge it, and see the change arrive below

Ctrl-C stops it.

`
}

process.exitCode = await demo()
