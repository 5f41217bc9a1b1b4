import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSshAgent, createSshKeyPair, findProgram, listDescendants } from '../src/index.ts'
import { run } from './client.ts'

const available = (await findProgram('ssh-agent')) !== undefined

test.skipIf(!available)('an agent holds keys, locked ones too, until it is closed', async () => {
  const plain = await createSshKeyPair({ comment: 'plain' })
  const locked = await createSshKeyPair({ type: 'rsa', comment: 'locked', passphrase: "it's $secret" })
  const agent = await createSshAgent([plain])
  await agent.add(locked)
  const { stdout } = await run('ssh-add', ['-l'], { SSH_AUTH_SOCK: agent.socket })
  expect(stdout).toContain(plain.fingerprint)
  expect(stdout).toContain(locked.fingerprint)
  await agent.close()
  await agent.close()
  expect(existsSync(agent.socket)).toBe(false)
  expect(listDescendants().filter(({ args }) => args[0]?.includes('ssh-agent'))).toEqual([])
})

test.skipIf(!available)('a key that cannot be unlocked ends the agent', async () => {
  const locked = await createSshKeyPair({ passphrase: 'right' })
  await expect(createSshAgent([{ ...locked, passphrase: 'wrong' }])).rejects.toMatchObject({
    code: 'PROGRAM_FAILED',
  })
  expect(listDescendants().filter(({ args }) => args[0]?.includes('ssh-agent'))).toEqual([])
})
