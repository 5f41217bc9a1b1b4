import { createAppRunner, type AppProcess } from '@lg/app-tests'
import { createTree, type Tree } from '@lg/test-kit'
import { rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const runner = createAppRunner(new URL('../dist/main.js', import.meta.url))

const car = (name: string, namespace = 'default'): string => `# A car of the garage.
apiVersion: sample-app.weave.works/v1alpha1
kind: Car
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  brand: SAAB   # a classic
status:
  distance: 12176941420362965433
`

describe('sample-watch', () => {
  let tree: Tree
  let app: AppProcess

  beforeAll(async () => {
    tree = await createTree({ 'cars/foo.yaml': car('foo') })
    app = await runner.start(['--watch-dir', tree.dir])
  })
  afterAll(async () => {
    await app?.stop()
    await tree?.close()
  })

  it('welcomes, and logs what it finds', async () => {
    expect((await app.get('/')).text).toBe('Welcome!')
    expect(await app.line(/Car.*default\/foo added.*"cars\/foo\.yaml".*initial=true/)).toBeTruthy()
    expect(await app.line(/In step/)).toBeTruthy()
  })

  it('serves a car, digit for digit', async () => {
    const { status, text } = await app.get('/watch/foo')
    expect(status).toBe(200)
    expect(text).toContain('"distance": 12176941420362965433')
  })

  it('logs what others do: new files, in new folders, moved, changed and removed', async () => {
    await tree.write('more/racing/bolt.yaml', car('bolt', 'racing'))
    await app.line(/racing\/bolt added.*by="other"/)
    await rename(tree.path('more'), tree.path('fewer'))
    await app.line(/racing\/bolt textChanged.*"fewer\/racing\/bolt\.yaml"/)
    await tree.write('fewer/racing/bolt.yaml', car('bolt', 'racing').replace('SAAB', 'Alpine'))
    await app.line(/racing\/bolt modified/)
    expect((await app.get('/watch/bolt')).json.spec.brand).toBe('Alpine')
    await tree.remove('fewer')
    await app.line(/racing\/bolt deleted/)
    expect((await app.get('/watch/bolt')).status).toBe(404)
  })

  it('drives a car on, changes no other byte, and logs that as its own', async () => {
    const { status } = await app.send('PUT', '/watch/foo')
    expect(status).toBe(200)
    await app.line(/default\/foo modified.*by="self"/)
    const stored = (await tree.read('cars/foo.yaml')).replace(
      /distance: \d+/,
      'distance: 12176941420362965433',
    )
    expect(stored.replace(/ {2}speed: .*\n/, '')).toBe(car('foo'))
  })

  it('names a file that breaks, with its line, and goes on serving the car', async () => {
    const text = await tree.read('cars/foo.yaml')
    await tree.write('cars/foo.yaml', `${text}spec: [\n`)
    await app.line(/Cannot serve.*cars\/foo\.yaml:\d+/)
    expect((await app.get('/watch/foo')).status).toBe(200)
    expect((await app.send('PUT', '/watch/foo')).status).toBe(409)
    await tree.write('cars/foo.yaml', text)
  })

  it('asks for the namespace when two have a car of the name', async () => {
    await tree.write('cars/twin.yaml', car('twin'))
    await tree.write('cars/other-twin.yaml', car('twin', 'racing'))
    await app.line(/default\/twin added/)
    await app.line(/racing\/twin added/)
    expect((await app.get('/watch/twin')).status).toBe(409)
    expect((await app.get('/watch/twin?namespace=racing')).json.metadata.namespace).toBe('racing')
  })

  it.each(['/watch/..%2fx', '/watch/A', '/watch/foo?namespace=..'])('says 400 to %s', async (path) => {
    expect((await app.get(path)).status).toBe(400)
  })

  it('stops cleanly, makes its directory, and knows its flags', async () => {
    expect(await app.stop()).toBe(0)
    const again = await runner.start(['--watch-dir', tree.path('not/there')])
    expect(await again.stop()).toBe(0)
    expect((await runner.run(['--nope'])).code).toBe(2)
    expect((await runner.run(['--version'])).stdout).toMatch(/^sample-watch \d/)
  })
})
