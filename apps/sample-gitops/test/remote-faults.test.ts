import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppProcess } from '@lg/app-tests'
import { runApp, startApp } from './app.ts'
import { createGarage, token, type Garage } from './garage.ts'

let garage: Garage
let app: AppProcess | undefined

beforeEach(async () => {
  garage = await createGarage()
})
afterEach(async () => {
  await app?.stop()
  app = undefined
  await garage.close()
})

describe('a start that cannot succeed', () => {
  it('says that the token is wrong, without showing it', async () => {
    const exit = await runApp(garage.args, { LG_TOKEN: 'wrong-token', LG_USERNAME: 'bot' })
    expect(exit.code).toBe(1)
    expect(exit.stderr).toMatch(/not accept|credential|authenticat/i)
    expect(exit.stderr + exit.stdout).not.toContain('wrong-token')
  })

  it('says that the repository is not there', async () => {
    const exit = await runApp(['--git-url', garage.server.url('lorries.git')], garage.env)
    expect(exit.code).toBe(1)
    expect(exit.stderr).toContain('lorries.git')
  })

  it('says that the remote is gone', async () => {
    await garage.server.close()
    const exit = await runApp(garage.args, garage.env)
    expect(exit.code).toBe(1)
    expect(exit.stderr).toContain('127.0.0.1')
  })

  it('names a branch that is missing', async () => {
    const exit = await runApp([...garage.args, '--branch', 'production'], garage.env)
    expect(exit.code).toBe(1)
    expect(exit.stderr).toContain('production')
  })

  it('says that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const exit = await runApp([...garage.args, '--host', '127.0.0.1', '--port', port], garage.env)
    other.close()
    expect(exit.code).toBe(1)
    expect(exit.stderr).toContain(`port ${port} is taken`)
  })

  it('sends no token to a host that it is redirected to', async () => {
    const seen: string[] = []
    const elsewhere = createServer((request, response) => {
      seen.push(JSON.stringify(request.headers))
      response.writeHead(401, { 'www-authenticate': 'Basic realm="elsewhere"' }).end()
    }).listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const { port } = elsewhere.address() as AddressInfo
    await garage.server.setFault({ type: 'redirect', to: `http://localhost:${port}` })
    const exit = await runApp(garage.args, garage.env)
    elsewhere.close()
    expect(exit.code).toBe(1)
    expect(seen.join('\n')).not.toMatch(/authorization/i)
    expect(exit.stderr).not.toContain(token)
  })
})

describe('a remote that fails later', () => {
  it('is reported, while what is there is served, and recovers by itself', async () => {
    app = await startApp(garage.args, garage.env)
    await garage.server.setFault({ type: 'gone' })
    await app.line(/WARN .*pull/i)
    expect((await app.get('/git/')).json).toHaveLength(3)
    await garage.server.clearFault()
    await app.line(/in step with the remote again/i)
    await garage.remote.commit({ files: { 'cars/foo.yaml': null }, message: 'Sell foo' })
    await app.line(/default\/foo deleted/)
    expect((await app.get('/git/')).json).toHaveLength(2)
  })

  it('answers 502 when a push is refused, with the words of the remote, and works again after', async () => {
    app = await startApp(garage.args, garage.env)
    await garage.server.setFault({ type: 'refusePush', message: 'no pushing on Sundays' })
    const refused = await app.send('PUT', '/git/foo')
    expect(refused.status).toBe(502)
    expect(refused.text).toContain('no pushing on Sundays')
    await garage.server.clearFault()
    expect((await app.send('PUT', '/git/foo')).status).toBe(200)
    expect(Object.keys(await garage.remote.branches())).toHaveLength(2)
  })

  it('takes a force-push upstream', async () => {
    app = await startApp(garage.args, garage.env)
    await garage.remote.forcePush({ files: { 'cars/foo.yaml': null, 'cars/racing.yaml': null } })
    await app.line(/racing\/comet deleted/)
    expect((await app.get('/git/')).json).toEqual([])
  })
})

describe('an empty repository', () => {
  it('starts, says so, and serves the first cars that somebody pushes', async () => {
    await garage.close()
    garage = await createGarage({})
    app = await startApp(garage.args, garage.env)
    const answer = await app.get('/git/')
    expect(answer.status).toBe(503)
    expect(answer.json.error.message).toMatch(/no commit/)
    const car =
      'apiVersion: sample-app.weave.works/v1alpha1\nkind: Car\nmetadata: { name: first }\nspec: {}\n'
    await garage.remote.commit({ files: { 'first.yaml': car }, message: 'Add the first car' })
    await app.line(/In step/)
    expect((await app.get('/git/')).json).toHaveLength(1)
  })
})
