import { createSshSigner } from '@lg/git-cli'
import { createSshKeyPair } from '@lg/test-kit'
import { expect, it } from 'vitest'
import { createFleet } from './fleet.ts'

it('every commit is signed where the storage is told how, and git verifies it', async () => {
  const pair = await createSshKeyPair()
  let key = ''
  const fleet = await createFleet(undefined, {
    sign: (commit, options) => createSshSigner({ key })(commit, options),
  })
  try {
    key = await pair.save(fleet.tree.path('id'))
    await fleet.tree.write('allowed', `lg@localhost ${pair.publicKey}\n`)
    await fleet.drive(2)
    const trusted = `gpg.ssh.allowedSignersFile=${fleet.tree.path('allowed')}`
    const log = ['log', '-1', '--format=%G? %GS', 'main']
    expect(await fleet.remote.git(['-c', 'gpg.format=ssh', '-c', trusted, ...log])).toBe('G lg@localhost\n')
  } finally {
    await fleet.close()
  }
})
