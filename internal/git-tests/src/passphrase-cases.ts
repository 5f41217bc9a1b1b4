import { join } from 'node:path'
import { createSshKeyPair, watchProcesses } from '@lg/test-kit'
import { expect, it } from 'vitest'
import { failure } from './cars.ts'
import type { Opener } from './cars.ts'
import { createSshScene } from './ssh-scene.ts'

/** With all that a shell would take for something else. */
export const passphrase = 'open "s3same" $HOME'

/** What every engine does with a key that has a passphrase. */
export function passphraseCases(openCars: Opener<never>): void {
  it('is unlocked without showing the passphrase to anybody', async () => {
    const pair = await createSshKeyPair({ passphrase })
    const { root, open } = await createSshScene(openCars, pair)
    const path = await pair.save(join(root, 'id'))
    const { text, processes } = await watchProcesses(async () => {
      const store = await open({ type: 'file', path, passphrase: () => Promise.resolve(passphrase) })
      expect((await store.fetch()).changed).toHaveLength(1)
    })
    expect(processes.length).toBeGreaterThan(0)
    expect(text).not.toContain('s3same')
  })

  it('is refused as a credential when the passphrase is wrong, or missing', async () => {
    const pair = await createSshKeyPair({ passphrase })
    const { root, open } = await createSshScene(openCars, pair)
    const path = await pair.save(join(root, 'id'))
    const wrong = await failure((await open({ type: 'file', path, passphrase: 'another' })).fetch())
    expect(wrong).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: path, reason: 'the passphrase is wrong' },
    })
    expect(wrong.message).not.toContain('another')
    const missing = await failure((await open({ type: 'file', path })).fetch())
    expect(missing).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { file: path, reason: 'the key has a passphrase, and none is given' },
    })
  })

  it('is tried again with a fresh passphrase from a function', async () => {
    const pair = await createSshKeyPair({ passphrase })
    const { root, open } = await createSshScene(openCars, pair)
    const answers = ['old one', passphrase]
    const secret = (): string => answers.shift() ?? 'too often'
    const store = await open({ type: 'file', path: await pair.save(join(root, 'id')), passphrase: secret })
    expect((await store.fetch()).changed).toHaveLength(1)
    expect(answers).toEqual([])
  })
}
