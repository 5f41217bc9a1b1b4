import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoFiles } from '../src/demo-files.ts'
import type { AppProcess } from '@lg/app-tests'
import { startApp } from './app.ts'
import { createGarage, type Garage } from './garage.ts'

describe('requests that cannot be answered', () => {
  let garage: Garage
  let app: AppProcess

  beforeAll(async () => {
    // The same car once more, in a file that comes later.
    garage = await createGarage({ ...demoFiles, 'zz/copy.yaml': demoFiles['cars/foo.yaml'] ?? '' })
    app = await startApp(
      garage.args.filter((arg) => arg !== '--provider' && arg !== 'local'),
      garage.env,
    )
  })
  afterAll(async () => {
    await app?.stop()
    await garage?.close()
  })

  it('answers 404 with JSON for an unknown car', async () => {
    const { status, json } = await app.send('PUT', '/git/nobody')
    expect(status).toBe(404)
    expect(json.error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('nobody') })
  })

  it.each(['/git/..%2f..', '/git/a%2Fb', '/git/a%00b', '/git/-', '/git/A', '/git/foo?namespace=..'])(
    'answers 400 to PUT %s',
    async (path) => {
      expect((await app.send('PUT', path)).status).toBe(400)
    },
  )

  it('answers 400 to a name of 10,000 characters', async () => {
    expect((await app.send('PUT', `/git/${'a'.repeat(10_000)}`)).status).toBe(400)
  })

  it('reports the same object in two files, and serves the first by path', async () => {
    expect(await app.line(/zz\/copy\.yaml:\d+.*cars\/foo\.yaml/)).toBeTruthy()
    expect((await app.get('/git/')).json).toHaveLength(3)
    const { json } = await app.send('PUT', '/git/foo')
    expect((await garage.remote.diff('main', json.branch)).files.map(({ path }) => path)).toEqual([
      'cars/foo.yaml',
    ])
  })

  it('pushes the branch and says so when there is no provider', async () => {
    const { status, json } = await app.send('PUT', '/git/foo')
    expect(status).toBe(200)
    expect(json.pullRequest).toBeNull()
    expect((await garage.remote.branches())[json.branch]).toBe(json.commit)
    expect((await app.get('/pulls')).status).toBe(404)
  })

  it('writes nothing for a page on another site', async () => {
    const before = await garage.remote.refs()
    const cross = [{ origin: 'http://evil.example' }, { origin: 'null' }]
    for (const headers of cross) expect((await app.send('PUT', '/git/foo', headers)).status).toBe(403)
    expect(await garage.remote.refs()).toEqual(before)
  })
})
