import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createHttpsCredentials } from '@lg/git'
import { createCertificate, createGitHttpServer, findProgram } from '@lg/test-kit'
import { expect, it, onTestFinished } from 'vitest'
import { isBuilt } from './build.ts'
import { createCars, createFolder, failure, openCars } from './fixture.ts'

const openssl = await findProgram('openssl')

it('is not used to reach an address, for which libgit2 takes the certificates of others', async () => {
  const root = await createFolder()
  for (const host of ['127.0.0.1', '[::1]']) {
    const opening = openCars({ root, url: `https://${host}/cars.git` })
    await expect(opening).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  }
})

it.skipIf(!isBuilt || openssl === undefined)(
  'talks only to a server whose certificate is trusted',
  async () => {
    const root = await createFolder()
    await createCars(root)
    const tls = await createCertificate()
    const cert = join(root, 'cert.pem')
    await writeFile(cert, tls.cert)
    const server = await createGitHttpServer({ root, tls, accounts: [{ user: 'bot', token: 'a token' }] })
    onTestFinished(() => server.close())
    const credentials = createHttpsCredentials({ username: 'bot', password: 'a token' })
    const url = server.url('cars.git').replace('127.0.0.1', 'localhost')

    const doubtful = await openCars({ root, url, credentials })
    const error = await failure(doubtful.fetch())
    expect(error).toMatchObject({ code: 'REMOTE_UNAVAILABLE', details: { sent: false } })
    expect(error.message).toContain('certificate is not trusted')
    expect(
      server.requests.entries.filter((request) => request.headers['authorization'] !== undefined),
    ).toEqual([])

    const environment = { ...process.env, SSL_CERT_FILE: cert }
    const trusting = await openCars({
      root,
      dir: join(root, 'two'),
      url,
      credentials,
      options: { environment },
    })
    expect((await trusting.fetch()).changed).toHaveLength(1)
  },
)
