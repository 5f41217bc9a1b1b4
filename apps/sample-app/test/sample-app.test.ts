import { createAppRunner, type AppProcess } from '@lg/app-tests'
import { createTree, type Tree } from '@lg/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const runner = createAppRunner(new URL('../dist/main.js', import.meta.url))
const file = 'Car/default/foo/metadata.yaml'

describe('sample-app', () => {
  let tree: Tree
  let app: AppProcess

  beforeAll(async () => {
    tree = await createTree()
    app = await runner.start(['--data-dir', tree.dir])
  })
  afterAll(async () => {
    await app?.stop()
    await tree?.close()
  })

  it('says 404 for a car that is not there, and makes one', async () => {
    expect((await app.get('/plain/foo')).status).toBe(404)
    expect((await app.send('PUT', '/plain/foo')).status).toBe(404)
    const made = await app.send('POST', '/plain/foo')
    expect(made.status).toBe(201)
    expect(made.json).toMatchObject({ kind: 'Car', spec: { brand: 'SAAB' } })
    expect((await app.get('/plain/foo')).json).toEqual(made.json)
    expect(await tree.list()).toEqual([file])
  })

  it('says 409 for a car that is there already', async () => {
    expect((await app.send('POST', '/plain/foo')).status).toBe(409)
  })

  it('drives a car on, and keeps what a person wrote into its file', async () => {
    const text = (await tree.read(file)).replace('brand: SAAB', 'brand: SAAB # a classic')
    await tree.write(file, text)
    const { status, text: answer } = await app.send('PUT', '/plain/foo')
    expect(status).toBe(200)
    const distance = /"distance": (\d+)/.exec(answer)?.[1]
    const stored = await tree.read(file)
    expect(stored.startsWith(text)).toBe(true)
    expect(stored).toContain(`  distance: ${distance}\n`)
  })

  it('keeps namespaces apart', async () => {
    expect((await app.send('POST', '/plain/foo?namespace=racing')).status).toBe(201)
    expect((await app.get('/plain/foo?namespace=racing')).json.metadata.namespace).toBe('racing')
  })

  it('says 409 for a name in two namespaces, until the request says which', async () => {
    expect((await app.get('/plain/foo')).status).toBe(409)
    expect((await app.send('PUT', '/plain/foo')).status).toBe(409)
    expect((await app.send('PUT', '/plain/foo?namespace=default')).status).toBe(200)
  })

  it.each(['/plain/..%2fx', '/plain/A', '/plain/foo?namespace=..'])('says 400 to %s', async (path) => {
    expect((await app.send('POST', path)).status).toBe(400)
  })

  it('stops cleanly, and finds its cars again', async () => {
    expect(await app.stop()).toBe(0)
    app = await runner.start(['--data-dir', tree.dir])
    expect((await app.get('/plain/foo?namespace=default')).status).toBe(200)
  })

  it('knows its flags', async () => {
    expect((await runner.run(['--nope'])).code).toBe(2)
    expect((await runner.run(['--version'])).stdout).toMatch(/^sample-app \d/)
  })
})
