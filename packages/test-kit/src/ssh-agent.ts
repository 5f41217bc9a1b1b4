import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { testKitErrors } from './errors.ts'
import { startFailure } from './git-command.ts'
import { findProgram } from './programs.ts'
import type { SshKeyPair } from './ssh-key.ts'
import { createTree } from './tree.ts'
import type { Tree } from './tree.ts'

/** A running ssh-agent. */
export interface SshAgent {
  /** The path of its socket, for `SSH_AUTH_SOCK` or ssh's `IdentityAgent`. */
  readonly socket: string
  /** Gives it another key, unlocked with the passphrase of the pair. */
  add(key: SshKeyPair): Promise<void>
  /** Ends the agent and removes its socket. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

// The agent ends with its standard input, so that it does not outlive the tests, whatever ends them.
const script = `
exec 3<&0
(cat <&3; kill $$) > /dev/null 2>&1 &
exec 3<&-
exec ssh-agent -D -a "$1"
`

/**
 * Starts OpenSSH's `ssh-agent` with these keys in it.
 *
 * Rejects with `PROGRAM_MISSING` when OpenSSH is not installed, with `PROGRAM_FAILED` when a key is refused.
 */
export async function createSshAgent(keys: readonly SshKeyPair[] = []): Promise<SshAgent> {
  if ((await findProgram('ssh-agent')) === undefined) {
    const message = 'ssh-agent is not on the PATH; install OpenSSH'
    throw testKitErrors.create('PROGRAM_MISSING', message, { program: 'ssh-agent' })
  }
  const tree = await createTree()
  const socket = tree.path('agent')
  const child = spawn('sh', ['-c', script, 'sh', socket], { stdio: 'pipe' })
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.on('error', () => resolve())
  })
  const close = async (): Promise<void> => {
    child.stdin.end()
    await ended
    await tree.close()
  }
  const agent: SshAgent = {
    socket,
    add: (key) => addKey(tree, socket, key),
    close,
    [Symbol.asyncDispose]: close,
  }
  try {
    await listening(child)
    for (const key of keys) await agent.add(key)
    return agent
  } catch (error) {
    await close()
    throw error
  }
}

/** It prints where its socket is as soon as it listens there. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const stderr = collect(child)
    child.stdout?.on('data', () => resolve())
    child.on('error', reject)
    child.on('close', () => reject(failure('ssh-agent', stderr())))
  })
}

async function addKey(tree: Tree, socket: string, key: SshKeyPair): Promise<void> {
  const file = await key.save(tree.path('key'))
  // The passphrase is read from a file: an environment could be seen by others. It answers once, as ssh-add
  // asks until the passphrase is right or empty.
  await tree.write('passphrase', `${key.passphrase ?? ''}\n`, { mode: 0o600 })
  const answer = '#!/bin/sh\nfile="${0%/*}/passphrase"\n[ -e "$file" ] && cat "$file" && rm "$file"\n'
  const asked = await tree.write('askpass', answer, { mode: 0o700 })
  const { PATH } = process.env
  const env = { PATH, SSH_AUTH_SOCK: socket, SSH_ASKPASS: asked, SSH_ASKPASS_REQUIRE: 'force' }
  try {
    const child = spawn('ssh-add', ['-q', file], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    const stderr = collect(child)
    const [exitCode] = await once(child, 'close').catch((error: Error) => {
      throw startFailure('ssh-add', error)
    })
    if (exitCode !== 0) throw failure('ssh-add', stderr())
  } finally {
    await Promise.all([tree.remove('key'), tree.remove('passphrase')])
  }
}

function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = []
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}

function failure(program: string, stderr: string): Error {
  return testKitErrors.create('PROGRAM_FAILED', `${program} failed: ${stderr.trim()}`, { program, stderr })
}
