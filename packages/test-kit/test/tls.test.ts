import { expect, test } from 'vitest'
import { createBareRepository, createGitHttpServer, createTree, findProgram } from '../src/index.ts'
import { git, run } from './client.ts'

const openssl = await findProgram('openssl')

test.skipIf(openssl === undefined)('serves HTTPS to those who trust its certificate', async () => {
  const tree = await createTree()
  const [key, cert] = [tree.path('key.pem'), tree.path('cert.pem')]
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1']
  await run('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', cert])
  await createBareRepository({ dir: tree.path('cars.git'), files: { a: '1' } })
  const tls = { key: await tree.read('key.pem'), cert: await tree.read('cert.pem') }
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
