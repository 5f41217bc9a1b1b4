import { expect, test } from 'vitest'
import {
  createBareRepository,
  createCertificate,
  createGitHttpServer,
  createTree,
  findProgram,
} from '../src/index.ts'
import { git } from './client.ts'

const openssl = await findProgram('openssl')

test.skipIf(openssl === undefined)('serves HTTPS to those who trust its certificate', async () => {
  const tree = await createTree()
  const tls = await createCertificate()
  const cert = await tree.write('cert.pem', tls.cert)
  await createBareRepository({ dir: tree.path('cars.git'), files: { a: '1' } })
  const server = await createGitHttpServer({ root: tree.dir, tls })

  expect(server.origin).toMatch(/^https:/)
  expect((await git(['ls-remote', server.url('cars.git')])).stderr).toContain('certificate')
  const trusting = { GIT_SSL_CAINFO: cert }
  expect(await git(['ls-remote', server.url('cars.git')], trusting)).toMatchObject({ exitCode: 0 })
  await server.setFault({ type: 'drop', after: 'connect', reset: true })
  expect(await git(['ls-remote', server.url('cars.git')], trusting)).toMatchObject({ exitCode: 128 })
  expect(server.requests.entries.at(-1)?.status).toBeUndefined()
  await server.close()
  await tree.close()
})
